import type { Layer, LayerValue } from "./layer.ts";
import { nearestName } from "../model/nearest-name.ts";
import { settings } from "./settings.ts";

/** Variables that begin like ours and steer tests and tools, not a configuration. */
const foreign = [/^MILLRACE_REQUIRE_/, /^MILLRACE_FORCE_/];

/** What the environment sets, and a line for each variable that looks meant and has no effect. */
export interface EnvironmentLayer {
  readonly layer: Layer;
  readonly warnings: readonly string[];
}

/**
 * Reads the `MILLRACE_…` variables. An empty one counts as unset. One that names no setting is a warning and no
 * error: the environment is shared with other programs and other releases, unlike a configuration file.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): EnvironmentLayer {
  const layer = new Map<string, LayerValue>();
  const warnings: string[] = [];
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith("MILLRACE_") || value === undefined || value === "") continue;
    if (foreign.some((pattern) => pattern.test(variable))) continue;
    const setting = settings.find((candidate) => candidate.variable === variable);
    if (setting === undefined) {
      warnings.push(unknownVariable(variable));
    } else {
      layer.set(setting.key, { value, origin: { kind: "environment", variable } });
    }
  }
  return { layer, warnings };
}

function unknownVariable(variable: string): string {
  const nearest = nearestName(
    variable,
    settings.map((setting) => setting.variable),
  );
  const hint = nearest === undefined ? "see millrace config" : `did you mean ${nearest}?`;
  return `the environment variable ${variable} sets nothing; ${hint}`;
}
