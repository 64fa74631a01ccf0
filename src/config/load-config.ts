import { dirname, resolve } from "node:path";
import { MillraceError } from "../model/error.ts";
import { parseCatalogAddress, parseListenAddress, parseLogAddress } from "./address.ts";
import { checkConfig } from "./check-config.ts";
import { readConfigFile } from "./config-file.ts";
import {
  describeOrigin,
  type Config,
  type HttpSettings,
  type LoadedConfig,
  type Origin,
  type SettingValue,
} from "./config.ts";
import { readEnvironment } from "./environment.ts";
import { checkTokens } from "./http-token.ts";
import type { Layer, LayerValue } from "./layer.ts";
import { settings, type Setting } from "./settings.ts";

/** Where a configuration comes from, besides its defaults. */
export interface ConfigSources {
  /** The file that `--config` names. */
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What flags set, by dotted key. */
  readonly flags?: Layer;
  /** The directory that relative paths in the environment and in flags start at. */
  readonly workingDir: string;
}

/** What stands in for a secret. */
const mask = "********";

/**
 * Puts the configuration together: flags over environment over file over defaults. The result is checked and frozen.
 * Throws `CONFIG` with one line that says where the offending value stands.
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const environment = readEnvironment(sources.environment ?? {});
  const layers = [
    sources.flags ?? new Map(),
    environment.layer,
    sources.file === undefined ? new Map() : readConfigFile(sources.file),
  ];
  const values = settings.map((setting) => ({ setting, ...resolveSetting(setting, layers) }));
  const find = (key: string): ResolvedSetting | undefined =>
    values.find(({ setting }) => setting.key === key);

  const tree: Record<string, unknown> = {};
  for (const { setting, value } of values) if (value !== undefined) place(tree, setting.path, value);
  // An address has words of its own for what is wrong with it, and a secret must not stand in any.
  const parts = readAddresses(find, sources.workingDir);
  checkTokens(find("http.token"), find("http.tokenFile"));
  checkConfig(tree, (key) => find(key)?.origin);

  return {
    config: deepFreeze(assemble(tree as unknown as CheckedTree, parts)),
    settings: values.map(({ setting, value, origin }) => shown(setting, value, origin)),
    warnings: environment.warnings,
  };
}

/** A setting with its value, as the layers have it. */
type ResolvedSetting = LayerValue & { readonly setting: Setting };

/** What the schema has found good: sections without the values that need more reading. */
interface CheckedTree extends Pick<Config, "sandbox" | "limits" | "topics" | "workers"> {
  readonly http: Omit<HttpSettings, "listen" | "tokenFile">;
}

/** The values that are more than they look. */
interface Addresses extends Pick<Config, "catalog" | "log">, Pick<HttpSettings, "listen" | "tokenFile"> {}

function assemble({ sandbox, limits, topics, http, workers }: CheckedTree, parts: Addresses): Config {
  const { catalog, log, listen, tokenFile } = parts;
  return {
    ...(catalog !== undefined && { catalog }),
    log,
    topics,
    http: { ...http, listen, ...(tokenFile !== undefined && { tokenFile }) },
    workers,
    sandbox,
    limits,
  };
}

function readAddresses(find: (key: string) => ResolvedSetting | undefined, workingDir: string): Addresses {
  const read = <T>(
    key: string,
    parse: (name: string, text: string, baseDir: string) => T,
    example: string,
  ): T | undefined => {
    const { value, origin } = find(key) ?? {};
    if (value === undefined || origin === undefined) return undefined;
    const name = `${describeOrigin(origin)}: ${key}`;
    if (typeof value !== "string") {
      throw new MillraceError("CONFIG", `${name} must be ${example}`);
    }
    return parse(name, value, baseDirOf(origin, workingDir));
  };
  const catalog = read("catalog", parseCatalogAddress, "an address; write dir:PATH");
  const log = read("log", parseLogAddress, "an address; write sqlite:PATH");
  const listen = read("http.listen", parseListenAddress, "HOST:PORT, in quotes");
  const tokenFile = read("http.tokenFile", (_name, path, baseDir) => resolve(baseDir, path), "a path");
  if (log === undefined || listen === undefined)
    throw new MillraceError("INTERNAL", "the schema has no default for log or http.listen");
  return {
    ...(catalog !== undefined && { catalog }),
    log,
    listen,
    ...(tokenFile !== undefined && { tokenFile }),
  };
}

/** What a relative path starts at: the directory of the file that names it, else the working directory. */
function baseDirOf(origin: Origin, workingDir: string): string {
  return origin.kind === "file" ? dirname(origin.file) : workingDir;
}

function resolveSetting(setting: Setting, layers: readonly Layer[]): LayerValue {
  for (const layer of layers) {
    const found = layer.get(setting.key);
    if (found !== undefined) return { value: fromText(setting, found), origin: found.origin };
  }
  const reason = setting.defaultReason;
  return {
    value: setting.defaultValue,
    origin: { kind: "default", ...(reason !== undefined && { reason }) },
  };
}

/** The environment and flags know only text; what does not read as the setting's type is left for the check to refuse. */
function fromText(setting: Setting, { value, origin }: LayerValue): unknown {
  if (origin.kind === "file" || typeof value !== "string") return value;
  switch (setting.type) {
    case "integer":
      return /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
    case "boolean":
      return value === "true" ? true : value === "false" ? false : value;
    case "string":
      return value;
  }
}

function shown(setting: Setting, value: unknown, origin: Origin): SettingValue {
  const printed = setting.secret === "yes" && value !== undefined ? mask : value;
  return { key: setting.key, ...(printed !== undefined && { value: printed }), origin };
}

function place(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree[key] = value;
  } else {
    const section = (tree[key] ??= {}) as Record<string, unknown>;
    place(section, rest, value);
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value))
    if (typeof child === "object" && child !== null) deepFreeze(child);
  return Object.freeze(value);
}
