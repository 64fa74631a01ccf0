import type { AnyNode, MemberExpression } from "acorn";
import { builtinNames, primitiveBuiltins } from "./builtin-names.ts";
import type { Binding, ScopedNames, TypedNode } from "./scope.ts";

/** Tells which expressions may stand for a built-in object, as far as the text shows it. */
export interface BuiltinValues {
  /** The built-in that the expression may be, or be reached from, in words; `undefined` for none. */
  builtinOf(node: AnyNode): string | undefined;
}

/** Where the value of an expression may come from. */
interface Origins {
  /** Built-ins, in words. */
  readonly builtins: string[];
  readonly bindings: Binding[];
}

export function builtinValues(names: ScopedNames): BuiltinValues {
  const originsOf = (node: AnyNode): Origins => {
    const origins: Origins = { builtins: [], bindings: [] };
    addOrigins(node, names, origins);
    return origins;
  };
  const aliases = findAliases(names.bindings, originsOf);
  return {
    builtinOf(node) {
      const { builtins, bindings } = originsOf(node);
      return (
        builtins[0] ??
        bindings.map((binding) => aliases.get(binding)).find((builtin) => builtin !== undefined)
      );
    },
  };
}

/** All bindings that may hold a built-in, directly or by way of others; one step for each assignment in the source. */
function findAliases(
  bindings: readonly Binding[],
  originsOf: (node: AnyNode) => Origins,
): ReadonlyMap<Binding, string> {
  const aliases = new Map<Binding, string>();
  const setFrom = new Map<Binding, Binding[]>();
  for (const binding of bindings) {
    for (const value of binding.values) {
      if (value.kind === "any") continue;
      const origins = originsOf(value.node as AnyNode);
      if (origins.builtins[0] !== undefined) aliases.set(binding, origins.builtins[0]);
      for (const source of origins.bindings) {
        const targets = setFrom.get(source);
        if (targets === undefined) setFrom.set(source, [binding]);
        else targets.push(binding);
      }
    }
  }
  const open = [...aliases.keys()];
  for (let binding = open.pop(); binding !== undefined; binding = open.pop()) {
    const builtin = aliases.get(binding);
    for (const next of setFrom.get(binding) ?? []) {
      if (builtin === undefined || aliases.has(next)) continue;
      aliases.set(next, builtin);
      open.push(next);
    }
  }
  return aliases;
}

function addOrigins(node: AnyNode, names: ScopedNames, origins: Origins): void {
  const add = (...nodes: readonly (AnyNode | null)[]): void => {
    for (const each of nodes) if (each !== null) addOrigins(each, names, origins);
  };
  switch (node.type) {
    case "Identifier":
      addIdentifier(node, names, origins);
      break;
    case "MemberExpression":
      addMember(node, names, origins);
      break;
    case "Super":
      origins.builtins.push("`super`");
      break;
    case "CallExpression":
      if (readsPrototype(node.callee)) origins.builtins.push("the prototype of another object");
      break;
    case "ChainExpression":
    case "ParenthesizedExpression":
      add(node.expression);
      break;
    case "AssignmentExpression":
    case "AssignmentPattern":
      add(node.right);
      break;
    case "SequenceExpression":
      add(node.expressions.at(-1) ?? null);
      break;
    case "ConditionalExpression":
      add(node.consequent, node.alternate);
      break;
    case "LogicalExpression":
      add(node.left, node.right);
      break;
    case "ArrayExpression":
      add(...node.elements);
      break;
    default:
  }
}

function addIdentifier(
  node: AnyNode & { readonly type: "Identifier" },
  names: ScopedNames,
  origins: Origins,
): void {
  const { name } = node;
  if (names.isForeign(node) && builtinNames.has(name)) {
    if (!primitiveBuiltins.has(name)) origins.builtins.push(name);
    return;
  }
  const binding = names.bindingOf(node);
  if (binding !== undefined) origins.bindings.push(binding);
}

function addMember(node: MemberExpression, names: ScopedNames, origins: Origins): void {
  const key = memberName(node);
  const object: Origins = { builtins: [], bindings: [] };
  addOrigins(node.object, names, object);
  if (key === "__proto__" || key === "constructor") {
    origins.builtins.push(`\`${key}\` of another object`);
  } else if (object.builtins[0] !== undefined) {
    origins.builtins.push(key === undefined ? object.builtins[0] : `${object.builtins[0]}.${key}`);
  } else if (key === "prototype" && !isOwnFunction(node.object, names)) {
    origins.builtins.push("the prototype of a function");
  } else {
    origins.bindings.push(...object.bindings);
  }
}

/** The name of a member where the text says it; `undefined` where it is computed. */
export function memberName({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return property.type === "Identifier" ? property.name : undefined;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}

/** Whether the expression is certainly a function or class of the source's own. */
function isOwnFunction(node: AnyNode, names: ScopedNames): boolean {
  if (node.type !== "Identifier") return isFunction(node);
  const values = names.bindingOf(node)?.values ?? [];
  return values.length > 0 && values.every((value) => value.kind === "node" && isFunction(value.node));
}

function isFunction(node: TypedNode): boolean {
  return /^(?:(?:Function|Class)(?:Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);
}

function readsPrototype(callee: AnyNode): boolean {
  return callee.type === "MemberExpression" && memberName(callee) === "getPrototypeOf";
}
