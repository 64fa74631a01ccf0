import { ownKeys } from "./primordials.ts";

/** The object that all three stages of one event see. */
export interface EventMetadata {
  readonly orgId: string;
  readonly assetId: string;
  readonly templateId: string;
  readonly templateVersion: string;
  readonly eventId: string;
  readonly time: string;
  readonly headers: Record<string, string>;
  readonly attributes: Record<string, unknown>;
  readonly secrets: Record<string, string>;
  normalized?: unknown;
}

type Entry = (...input: unknown[]) => unknown;

/** The functions that a stage file was found to define. */
export interface EntryPoints {
  readonly decode: Entry | undefined;
  readonly validate: Entry | undefined;
  readonly transform: Entry | undefined;
  readonly decodeUplink: Entry | undefined;
  readonly Decoder: Entry | undefined;
  readonly Decode: Entry | undefined;
  readonly normalizeUplink: Entry | undefined;
}

/** Names of entry points in the order in which a file's wrapper returns them. */
export const entryNames = [
  "decode",
  "validate",
  "transform",
  "decodeUplink",
  "Decoder",
  "Decode",
  "normalizeUplink",
] as const;

/** A stage file's wrapper: runs the file's top level and returns the functions it defines, in {@link entryNames}' order. */
export type FileFactory = (
  module: { exports: unknown } | undefined,
  exports: unknown,
) => (Entry | undefined)[];

function ownEntryPoints(local: (Entry | undefined)[]): EntryPoints {
  return {
    decode: local[0],
    validate: local[1],
    transform: local[2],
    decodeUplink: local[3],
    Decoder: local[4],
    Decode: local[5],
    normalizeUplink: local[6],
  };
}

/** The entry points that can serve decode; a file that exports one of them keeps the others to itself. */
const decoding = ["decode", "decodeUplink", "Decoder", "Decode", "normalizeUplink"] as const;

/**
 * Runs a file's top level anew and finds its entry points: what `module.exports` names goes before what the file's
 * own scope has. A `module.exports` that is itself a function stands for whatever stage the file is asked for. A file
 * that exports a decoder of one kind has no other: a private function of another kind's name is its own business.
 */
export function enterFile(factory: FileFactory): EntryPoints {
  const given = {};
  const module: { exports: unknown } = { exports: given };
  const local = factory(module, given);
  const exported = module.exports;
  // Most files export nothing, and looking for seven names that are not there costs more than they do.
  if (exported === given && ownKeys(given).length === 0) return ownEntryPoints(local);
  const whole = typeof exported === "function" ? (exported as Entry) : undefined;
  const from = typeof exported === "object" && exported !== null ? (exported as Record<string, unknown>) : {};
  const exportedAs = (name: (typeof entryNames)[number]): Entry | undefined => {
    const candidate = from[name];
    return typeof candidate === "function" ? (candidate as Entry) : undefined;
  };
  let exportsDecoder = whole !== undefined;
  for (let index = 0; index < decoding.length; index += 1) {
    if (exportedAs(decoding[index] as (typeof decoding)[number]) !== undefined) exportsDecoder = true;
  }
  const decoder = (name: (typeof decoding)[number], index: number): Entry | undefined =>
    exportedAs(name) ?? (exportsDecoder ? undefined : local[index]);
  return {
    decode: whole ?? decoder("decode", 0),
    validate: whole ?? exportedAs("validate") ?? local[1],
    transform: whole ?? exportedAs("transform") ?? local[2],
    decodeUplink: decoder("decodeUplink", 3),
    Decoder: decoder("Decoder", 4),
    Decode: decoder("Decode", 5),
    normalizeUplink: decoder("normalizeUplink", 6),
  };
}
