import type { LimitsConfig, OrgLimits, TemplateLimits } from "../model/contract.ts";
import type { ScriptLimits } from "../sandbox/port.ts";

/** The deployment's limits, with every default filled in. */
export type DeploymentLimits = Readonly<Required<LimitsConfig>>;

/** The limits that count for the events of one template. */
export interface ResolvedLimits extends ScriptLimits {
  /** Largest payload of a raw event, bytes. */
  readonly payloadBytes: number;
}

const bytesPerMebibyte = 1_048_576;

/** Of each limit the smallest value counts; memory is narrowed for an org, not for a template. */
export function resolveLimits(
  deployment: DeploymentLimits,
  org: OrgLimits = {},
  template: TemplateLimits = {},
): ResolvedLimits {
  const least = (key: "stageCpuMs" | "outputBytes" | "payloadBytes"): number =>
    Math.min(deployment[key], org[key] ?? Infinity, template[key] ?? Infinity);
  return {
    stageCpuMs: least("stageCpuMs"),
    memoryBytes: Math.min(deployment.memoryMb, org.memoryMb ?? Infinity) * bytesPerMebibyte,
    outputBytes: least("outputBytes"),
    payloadBytes: least("payloadBytes"),
  };
}

/** A limit that is set where it has no effect. */
export interface WideLimit {
  readonly key: string;
  readonly value: number;
  /** The value that counts. */
  readonly allowed: number;
  /** Whose it is. */
  readonly allowedBy: string;
}

/** The outer limits of something, and whose they are. */
export interface OuterLimits {
  readonly limits: OrgLimits;
  readonly owner: string;
}

/** The limits that are wider than those around them; what is around comes from the innermost outwards. */
export function wideLimits(limits: OrgLimits, around: readonly OuterLimits[]): WideLimit[] {
  return (Object.keys(limits) as (keyof OrgLimits)[]).flatMap((key): WideLimit[] => {
    const value = limits[key];
    const narrower = around.flatMap((outer) => {
      const allowed = outer.limits[key];
      return value !== undefined && allowed !== undefined && allowed < value
        ? [{ allowed, allowedBy: outer.owner }]
        : [];
    });
    const narrowest = narrower.sort((a, b) => a.allowed - b.allowed)[0];
    return narrowest === undefined || value === undefined ? [] : [{ key, value, ...narrowest }];
  });
}
