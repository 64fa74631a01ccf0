import type { AnyNode } from "acorn";
import { full } from "acorn-walk";
import type { ParsedSource } from "./parse-source.ts";

/**
 * How deep blocks, functions, classes and loops may be nested. It protects the check of a source, in which each use of
 * a name is looked for in every block around it: raised tenfold, a source of a megabyte can take half a minute.
 */
const deepestNesting = 200;

/** The offset of the first block, function, class or loop that is nested too deep. */
export function tooDeepOffset({ program }: ParsedSource): number | undefined {
  const scopes: { readonly start: number; readonly end: number }[] = [];
  full(program, (node) => {
    if (opensScope(node)) scopes.push(node);
  });
  scopes.sort((a, b) => a.start - b.start || b.end - a.end);
  const open: number[] = [];
  for (const { start, end } of scopes) {
    while ((open.at(-1) ?? Infinity) <= start) open.pop();
    open.push(end);
    if (open.length > deepestNesting) return start;
  }
  return undefined;
}

function opensScope({ type }: AnyNode): boolean {
  switch (type) {
    case "BlockStatement":
    case "ArrowFunctionExpression":
    case "ClassBody":
    case "StaticBlock":
    case "SwitchStatement":
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "CatchClause":
      return true;
    default:
      return false;
  }
}
