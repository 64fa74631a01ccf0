import type { AnyNode } from "acorn";
import { fullAncestor } from "acorn-walk";
import type { ParsedSource } from "./parse-source.ts";

/** A construct that a synchronous script cannot have. */
export interface AsyncConstruct {
  readonly construct: "async" | "await" | "for await" | "import()";
  readonly offset: number;
}

/** The asynchronous constructs of a source in its order; what stands inside one that is listed is not listed again. */
export function findAsyncConstructs({ program }: ParsedSource): readonly AsyncConstruct[] {
  const found: (AsyncConstruct & { readonly end: number })[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    const construct = constructOf(node);
    if (construct === undefined) return;
    found.push({ construct, offset: startOf(node, ancestors.at(-2)), end: node.end });
  });
  found.sort((a, b) => a.offset - b.offset);
  let coveredTo = -1;
  return found.filter(({ offset, end }) => {
    if (offset < coveredTo) return false;
    coveredTo = end;
    return true;
  });
}

function constructOf(node: AnyNode): AsyncConstruct["construct"] | undefined {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.async ? "async" : undefined;
    case "AwaitExpression":
      return "await";
    case "ForOfStatement":
      return node.await ? "for await" : undefined;
    case "ImportExpression":
      return "import()";
    default:
      return undefined;
  }
}

/** The function of a method begins at its parameters; the word `async` stands before the method's name. */
function startOf(node: AnyNode, parent: AnyNode | undefined): number {
  const isMethod = (parent?.type === "Property" && parent.method) || parent?.type === "MethodDefinition";
  return isMethod && parent.value === node ? parent.start : node.start;
}
