import type { AnyNode, Identifier, MemberExpression, Program } from "acorn";
import { full } from "acorn-walk";

/** What a program assigns to, counts up or down, or deletes, other than by a declaration. */
export type WrittenTarget =
  | { readonly kind: "member"; readonly node: MemberExpression }
  | { readonly kind: "name"; readonly node: Identifier };

/** All targets of assignments, updates, deletes, loops and destructuring in a program. */
export function writtenTargets(program: Program): readonly WrittenTarget[] {
  const found: WrittenTarget[] = [];
  full(program, (node) => {
    switch (node.type) {
      case "AssignmentExpression":
        addTargets(node.left, found);
        break;
      case "UpdateExpression":
        addTargets(node.argument, found);
        break;
      case "UnaryExpression":
        if (node.operator === "delete") addTargets(node.argument, found);
        break;
      case "ForInStatement":
      case "ForOfStatement":
        addTargets(node.left, found);
        break;
      default:
    }
  });
  return found;
}

function addTargets(node: AnyNode, found: WrittenTarget[]): void {
  switch (node.type) {
    case "Identifier":
      found.push({ kind: "name", node });
      break;
    case "MemberExpression":
      found.push({ kind: "member", node });
      break;
    case "ParenthesizedExpression":
    case "ChainExpression":
      addTargets(node.expression, found);
      break;
    case "AssignmentPattern":
      addTargets(node.left, found);
      break;
    case "RestElement":
      addTargets(node.argument, found);
      break;
    case "ArrayPattern":
      for (const element of node.elements) if (element !== null) addTargets(element, found);
      break;
    case "ObjectPattern":
      for (const property of node.properties) {
        addTargets(property.type === "Property" ? property.value : property, found);
      }
      break;
    // A declaration (`for (const x of …)`) makes names of the source's own; a call as a target throws when it runs.
    default:
  }
}
