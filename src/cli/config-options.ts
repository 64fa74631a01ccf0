import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Config, LoadedConfig } from "../config/config.ts";
import type { LayerValue } from "../config/layer.ts";
import { loadConfig } from "../config/load-config.ts";
import { nearestName } from "../model/nearest-name.ts";
import { settings } from "../config/settings.ts";
import type { Host } from "./host.ts";

/** What the flags below make of a command line. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly executors?: string | undefined;
  readonly workers?: string | undefined;
  readonly set?: readonly KeyValue[] | undefined;
  /** A directory, or an address. */
  readonly catalog?: string | undefined;
  /** A file, or an address. */
  readonly log?: string | undefined;
}

interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** `--config FILE`. */
export function configOption() {
  return new Option("--config <file>", "configuration file, YAML or JSON");
}

/** `--executors N`. */
export function executorsOption() {
  return new Option("--executors <n>", "executors that run scripts at the same time");
}

/** `--log FILE`. */
export function logOption() {
  return new Option("--log <file>", "file of the log; by default the configuration's");
}

/** `--workers N`. */
export function workersOption() {
  return new Option("--workers <n>", "threads that take events through at the same time");
}

/** `--set KEY=VALUE`, which may stand more than once. */
export function setOption() {
  return new Option("--set <key=value>", "set one configuration key, as in limits.stageCpuMs=50").argParser(
    collectKeyValue,
  );
}

/** The configuration of a verb; warnings are said at once. */
export function loadVerbConfig(host: Host, flags: ConfigFlags): LoadedConfig {
  const loaded = loadConfig({
    ...(flags.config !== undefined && { file: flags.config }),
    environment: host.environment,
    flags: flagLayer(flags),
    workingDir: host.workingDir,
  });
  for (const warning of loaded.warnings) host.say(host.colors.yellow(`millrace: ${warning}`));
  return loaded;
}

/** As `loadVerbConfig`, where only the values matter. */
export function verbConfig(host: Host, flags: ConfigFlags): Config {
  return loadVerbConfig(host, flags).config;
}

function flagLayer(flags: ConfigFlags): Map<string, LayerValue> {
  const layer = new Map<string, LayerValue>();
  const put = (key: string, flag: string, value: string): void => {
    layer.set(key, { value, origin: { kind: "flag", flag } });
  };
  for (const { key, value } of flags.set ?? []) put(key, `--set ${key}`, value);
  if (flags.workers !== undefined) put("workers", "--workers", flags.workers);
  if (flags.executors !== undefined) put("sandbox.executors", "--executors", flags.executors);
  if (flags.catalog !== undefined) put("catalog", "--catalog", asAddress("dir", flags.catalog));
  if (flags.log !== undefined) put("log", "--log", asAddress("sqlite", flags.log));
  return layer;
}

/** What begins with one of these is an address, also where it is none that this key takes. */
const addressSchemes = /^(?:dir|log|sqlite|kafka|kafka\+tls):/;

/** A person writes a plain path. */
function asAddress(scheme: "dir" | "sqlite", text: string): string {
  return addressSchemes.test(text) ? text : `${scheme}:${text}`;
}

function collectKeyValue(text: string, earlier: readonly KeyValue[] | undefined): readonly KeyValue[] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write KEY=VALUE.");
  const key = text.slice(0, equals);
  const known = settings.map((setting) => setting.key);
  if (!known.includes(key)) {
    const nearest = nearestName(key, known);
    throw new InvalidArgumentError(
      `There is no key ${key}; ${nearest === undefined ? "see millrace config" : `did you mean ${nearest}?`}`,
    );
  }
  return [...(earlier ?? []), { key, value: text.slice(equals + 1) }];
}
