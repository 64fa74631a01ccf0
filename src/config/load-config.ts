import { dirname } from "node:path";
import { MillraceError } from "../model/error.ts";
import { parseCatalogAddress, type DirectoryAddress } from "./address.ts";
import { checkConfig } from "./check-config.ts";
import { readConfigFile } from "./config-file.ts";
import { describeOrigin, type Config, type LoadedConfig, type Origin, type SettingValue } from "./config.ts";
import { readEnvironment } from "./environment.ts";
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

  const tree: Record<string, unknown> = {};
  for (const { setting, value } of values) if (value !== undefined) place(tree, setting.path, value);
  const catalog = values.find(({ setting }) => setting.key === "catalog");
  const address =
    catalog?.value === undefined
      ? undefined
      : catalogAddress(catalog.value, catalog.origin, sources.workingDir);
  checkConfig(tree, (key) => values.find(({ setting }) => setting.key === key)?.origin);

  const { sandbox, limits } = tree as Pick<Config, "sandbox" | "limits">;
  const config: Config = { ...(address !== undefined && { catalog: address }), sandbox, limits };
  return {
    config: deepFreeze(config),
    settings: values.map(({ setting, value, origin }) => shown(setting, value, origin)),
    warnings: environment.warnings,
  };
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

function catalogAddress(value: unknown, origin: Origin, workingDir: string): DirectoryAddress {
  if (typeof value !== "string") {
    throw new MillraceError(
      "CONFIG",
      `${describeOrigin(origin)}: catalog must be an address; write dir:PATH`,
    );
  }
  const baseDir = origin.kind === "file" ? dirname(origin.file) : workingDir;
  return parseCatalogAddress(`${describeOrigin(origin)}: catalog`, value, baseDir);
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
