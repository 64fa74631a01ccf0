import { availableParallelism } from "node:os";
import schema from "../../schemas/config.schema.json" with { type: "json" };

/** What the schema says of one key that holds a value. */
export interface Setting {
  /** Dotted, as in `limits.stageCpuMs`. */
  readonly key: string;
  readonly path: readonly string[];
  /** The environment variable that sets it, as in `MILLRACE_LIMITS_STAGE_CPU_MS`. */
  readonly variable: string;
  readonly type: "integer" | "boolean" | "string";
  readonly defaultValue?: unknown;
  /** In words, where the default depends on the machine. */
  readonly defaultReason?: string;
  /** The value is never printed. */
  readonly secret: "yes" | "no";
}

interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly default?: unknown;
  readonly "x-default"?: string;
}

const definitions: Readonly<Record<string, SchemaNode>> = schema.$defs;

/** Defaults that depend on the machine; the schema says them in words. */
const computedDefaults: Readonly<Record<string, () => unknown>> = {
  // One core is left to the thread that reads, groups and writes.
  workers: () => Math.max(1, availableParallelism() - 1),
  "sandbox.executors": () => Math.max(1, availableParallelism() - 1),
};

/** All settings, in the schema's order: the schema is the one list of what can be configured. */
export const settings: readonly Setting[] = Object.freeze(collect(schema, []));

/** The keys that may stand in the section at `path` of a configuration file. */
export function allowedKeys(path: readonly string[]): readonly string[] | undefined {
  let node: SchemaNode = schema;
  for (const key of path) {
    const next = node.properties?.[key];
    if (next === undefined) return undefined;
    node = dereference(next);
  }
  return node.properties === undefined ? undefined : Object.keys(node.properties);
}

function collect(node: SchemaNode, path: readonly string[]): Setting[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, property]) => {
    const resolved = dereference(property);
    const at = [...path, key];
    return resolved.properties === undefined ? [toSetting(resolved, at)] : collect(resolved, at);
  });
}

function toSetting(node: SchemaNode, path: readonly string[]): Setting {
  const key = path.join(".");
  const computed = computedDefaults[key];
  return {
    key,
    path,
    variable: `MILLRACE_${path.map(screamingSnake).join("_")}`,
    type: node.type === "integer" || node.type === "boolean" ? node.type : "string",
    ...(node.default !== undefined && { defaultValue: node.default }),
    ...(computed !== undefined && { defaultValue: computed() }),
    ...(node["x-default"] !== undefined && { defaultReason: node["x-default"] }),
    secret: isSecretKey(key) ? "yes" : "no",
  };
}

/**
 * Whether a setting's name says that its value is a secret. A key that ends in `File` holds only a path, which may be
 * shown; what is in that file is never read for printing.
 */
export function isSecretKey(key: string): boolean {
  return /(token|password|secret)$/i.test(key);
}

function dereference(node: SchemaNode): SchemaNode {
  const name = node.$ref?.match(/^#\/\$defs\/(.+)$/)?.[1];
  return name === undefined ? node : { ...definitions[name], ...node };
}

function screamingSnake(camelCase: string): string {
  return camelCase.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}
