import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { MillraceError } from "../model/error.ts";
import type { CaseExpectation } from "../model/contract.ts";
import { formatJson, jsonStyleOf } from "./format-json.ts";

/** A new expectation for the case at `index` of a case file (0 where the file holds one case and no array). */
export interface ExpectationChange {
  readonly index: number;
  readonly expect: CaseExpectation;
}

/**
 * Puts new expectations into the text of a case file. Everything else, white space included, stays as it is, and what
 * is new is written in the file's own style.
 */
export function rewriteExpectations(text: string, changes: readonly ExpectationChange[]): string {
  const tree = parseTree(text);
  const style = jsonStyleOf(text);
  const edits = changes.map(({ index, expect }) => {
    const path = tree?.type === "array" ? [index, "expect"] : ["expect"];
    const node = tree === undefined ? undefined : findNodeAtLocation(tree, path);
    if (node === undefined) throw new MillraceError("INTERNAL", `case ${index} has no expectation to update`);
    return { start: node.offset, end: node.offset + node.length, expect };
  });
  // From the end, so that earlier places stay where they are.
  edits.sort((a, b) => b.start - a.start);
  let result = text;
  for (const { start, end, expect } of edits) {
    const lineStart = result.lastIndexOf("\n", start - 1) + 1;
    const margin = /^[ \t]*/.exec(result.slice(lineStart))?.[0] ?? "";
    result =
      result.slice(0, start) + formatJson(expect, style, margin, start - lineStart) + result.slice(end);
  }
  return result;
}
