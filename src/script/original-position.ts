import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { RunnableFile } from "../sandbox/port.ts";
import type { SourceLocation } from "../model/script-fault.ts";
import type { Position } from "./finding.ts";

/** A source map with its lines decoded: each is decoded once, when it is first asked for. */
const maps = new WeakMap<object, TraceMap>();

type MappedFile = Pick<RunnableFile, "file" | "sourceMap">;

/**
 * The place in the author's file from which a place in a file's `code` was made; `undefined` where no author wrote it
 * (a helper that the conversion added). Without a source map the two are the same.
 */
export function originalPosition(file: MappedFile, generated: Position): SourceLocation | undefined {
  if (file.sourceMap === undefined)
    return { file: file.file, line: generated.line, column: generated.column };
  let map = maps.get(file);
  if (map === undefined) {
    map = new TraceMap(file.sourceMap);
    maps.set(file, map);
  }
  const { line, column } = originalPositionFor(map, { line: generated.line, column: generated.column - 1 });
  if (line === null || column === null) return undefined;
  return { file: file.file, line, column: column + 1 };
}

/** The author's text of a file: its `code`, or what the source map carries where that was made from something else. */
export function authorSource(file: Pick<RunnableFile, "code" | "sourceMap">): string {
  if (file.sourceMap === undefined) return file.code;
  const { sourcesContent } = JSON.parse(file.sourceMap) as {
    readonly sourcesContent?: readonly (string | null)[];
  };
  return sourcesContent?.[0] ?? file.code;
}
