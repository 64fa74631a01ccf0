import { readFileSync } from "node:fs";
import { isMap, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { MillraceError } from "../model/error.ts";
import type { Layer, LayerValue } from "./layer.ts";
import { nearestName } from "../model/nearest-name.ts";
import { allowedKeys } from "./settings.ts";

/** An open configuration file: what is needed to say where in it something stands. */
interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * Reads a configuration file, YAML or JSON (which YAML includes). Throws `CONFIG`, with the line, for a file that
 * cannot be read or parsed and for a key that does not exist.
 */
export function readConfigFile(file: string): Layer {
  const text = readText(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new MillraceError("CONFIG", `${file}:${line}:${col}: ${problem.message}`, { cause: problem });
  }
  const layer = new Map<string, LayerValue>();
  const root = toPlain(document, file);
  // An empty file, or one with nothing but comments, sets nothing.
  if (root !== null && root !== undefined) collect({ file, document, lines }, root, [], layer);
  return layer;
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    // Aliases that lead nowhere, or that unfold to more than a configuration can need.
    throw new MillraceError("CONFIG", `${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const reason =
      cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "no such file" : String(cause);
    throw new MillraceError("CONFIG", `cannot read the configuration file ${file}: ${reason}`, { cause });
  }
}

function collect(
  source: Source,
  value: unknown,
  path: readonly string[],
  layer: Map<string, LayerValue>,
): void {
  const allowed = allowedKeys(path);
  if (allowed === undefined) {
    const line = lineOf(source, path);
    const origin = { kind: "file", file: source.file, ...(line !== undefined && { line }) } as const;
    layer.set(path.join("."), { value, origin });
    return;
  }
  // `limits:` with nothing after it.
  if (value === null) return;
  if (typeof value !== "object" || Array.isArray(value)) {
    const what = path.length === 0 ? "a configuration file" : path.join(".");
    throw new MillraceError(
      "CONFIG",
      `${place(source, path)}: ${what} holds keys and values: ${allowed.join(", ")}`,
    );
  }
  for (const [key, child] of Object.entries(value)) {
    if (!allowed.includes(key)) throw unknownKey(source, [...path, key], allowed);
    collect(source, child, [...path, key], layer);
  }
}

function unknownKey(source: Source, path: readonly string[], allowed: readonly string[]): MillraceError {
  const nearest = nearestName(path.at(-1) ?? "", allowed);
  const hint =
    nearest === undefined
      ? `allowed here: ${allowed.join(", ")}`
      : `did you mean ${JSON.stringify(nearest)}?`;
  return new MillraceError(
    "CONFIG",
    `${place(source, path)}: unknown key ${JSON.stringify(path.join("."))}; ${hint}`,
  );
}

function place(source: Source, path: readonly string[]): string {
  const line = lineOf(source, path);
  return line === undefined ? source.file : `${source.file}:${line}`;
}

/** The line of the key that `path` ends in, counted from 1. */
function lineOf({ document, lines }: Source, path: readonly string[]): number | undefined {
  const parent: unknown = path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const key = parent.items
    .map((pair) => pair.key)
    .find((candidate) => isScalar(candidate) && candidate.value === path.at(-1));
  return isScalar(key) && key.range ? lines.linePos(key.range[0]).line : undefined;
}
