import type { AnyNode, Expression, Program } from "acorn";

/**
 * Whether a source's top level only makes functions and plain values: then running it calls nothing, cannot throw, and
 * changes no built-in, and nobody needs to try it out. What is not surely so counts as active.
 */
export function isInert({ body }: Program): boolean {
  return body.every(isInertStatement);
}

function isInertStatement(node: AnyNode): boolean {
  switch (node.type) {
    case "FunctionDeclaration":
    case "EmptyStatement":
      return true;
    case "VariableDeclaration":
      return node.declarations.every(
        ({ id, init }) =>
          id.type === "Identifier" && (init === null || init === undefined || isInertValue(init)),
      );
    case "ExpressionStatement":
      return isInertExpression(node.expression);
    case "ExportNamedDeclaration":
      return (
        node.declaration === null || node.declaration === undefined || isInertStatement(node.declaration)
      );
    default:
      return false;
  }
}

/** A directive, or what a script does to export its functions. */
function isInertExpression(node: Expression): boolean {
  if (node.type === "Literal") return true;
  if (node.type !== "AssignmentExpression" || node.operator !== "=") return false;
  return isExportTarget(node.left) && isInertValue(node.right);
}

/** `module.exports`, `exports.name` or `module.exports.name`: the wrapper's own parameters, plain objects both. */
function isExportTarget(node: AnyNode): boolean {
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return false;
  if (node.property.name === "__proto__") return false;
  if (isName(node.object, "exports")) return true;
  if (isName(node.object, "module")) return node.property.name === "exports";
  return (
    isExportTarget(node.object) &&
    node.object.type === "MemberExpression" &&
    isName(node.object.object, "module")
  );
}

function isName(node: AnyNode, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}

function isInertValue(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return true;
    case "TemplateLiteral":
      return node.expressions.length === 0;
    case "UnaryExpression":
      return (node.operator === "-" || node.operator === "+") && isNumber(node.argument);
    case "ArrayExpression":
      return node.elements.every((element) => element === null || isInertValue(element));
    case "ObjectExpression":
      return node.properties.every(
        (property) => property.type === "Property" && !property.computed && isInertValue(property.value),
      );
    default:
      return false;
  }
}

function isNumber(node: AnyNode): boolean {
  return node.type === "Literal" && typeof node.value === "number";
}
