import type { AnyNode, MemberExpression } from "acorn";
import { fullAncestor } from "acorn-walk";
import { builtinNames, changingFunctions, inheritedNames, namespaceBuiltins } from "./builtin-names.ts";
import { builtinValues, memberName, type BuiltinValues } from "./builtin-values.ts";
import type { ParsedSource } from "./parse-source.ts";
import type { ScopedNames } from "./scope.ts";
import { writtenTargets } from "./written-targets.ts";

/** Why a source needs a fresh realm for each event: a kind, and what it is done with. */
export interface RealmCause {
  readonly kind:
    | "this"
    | "globalThis"
    | "with"
    | "eval"
    /** Something is assigned to the name of a built-in global. */
    | "global-assigned"
    /** A property of a built-in is assigned, deleted or defined. */
    | "builtin-changed"
    /** A built-in that can be changed goes where the text does not show what is done with it. */
    | "builtin-handed-on"
    /** A property is assigned that every object inherits: that fails where the prototype is frozen. */
    | "inherited-assigned";
  readonly subject: string;
  readonly offset: number;
}

/** Everything in a source that a sealed realm would not run as a fresh one does, in the order of the text. */
export function findRealmCauses(source: ParsedSource, names: ScopedNames): readonly RealmCause[] {
  const values = builtinValues(names);
  const causes: RealmCause[] = [
    ...foreignCauses(names),
    ...writeCauses(source, names, values),
    ...nodeCauses(source, names, values),
  ];
  return causes.sort((a, b) => a.offset - b.offset);
}

function foreignCauses(names: ScopedNames): RealmCause[] {
  return names.foreign.flatMap(({ name, identifier }) =>
    name === "globalThis" || name === "eval" ? [{ kind: name, subject: name, offset: identifier.start }] : [],
  );
}

function writeCauses({ program }: ParsedSource, names: ScopedNames, values: BuiltinValues): RealmCause[] {
  return writtenTargets(program).flatMap((target): RealmCause[] => {
    const offset = target.node.start;
    if (target.kind === "name") {
      const { name } = target.node;
      const isBuiltin =
        names.isForeign(target.node) && builtinNames.has(name) && name !== "globalThis" && name !== "eval";
      return isBuiltin ? [{ kind: "global-assigned", subject: name, offset }] : [];
    }
    const changed = values.builtinOf(target.node.object);
    if (changed !== undefined) return [{ kind: "builtin-changed", subject: changed, offset }];
    const key = memberName(target.node);
    return key !== undefined && inheritedNames.has(key)
      ? [{ kind: "inherited-assigned", subject: key, offset }]
      : [];
  });
}

function nodeCauses({ program }: ParsedSource, names: ScopedNames, values: BuiltinValues): RealmCause[] {
  const causes: RealmCause[] = [];
  fullAncestor(program, (node, _state, ancestors) => {
    const cause = causeOf(node, ancestors.at(-2), names, values);
    if (cause !== undefined) causes.push({ ...cause, offset: node.start });
  });
  return causes;
}

type CauseOfNode = Omit<RealmCause, "offset"> | undefined;

function causeOf(
  node: AnyNode,
  parent: AnyNode | undefined,
  names: ScopedNames,
  values: BuiltinValues,
): CauseOfNode {
  switch (node.type) {
    case "ThisExpression":
      return { kind: "this", subject: "this" };
    case "WithStatement":
      return { kind: "with", subject: "with" };
    case "CallExpression":
      return changeByCall(node, names, values);
    case "MemberExpression":
      return prototypeHandedOn(node, parent, values);
    case "Identifier":
      return names.isForeign(node) && namespaceBuiltins.has(node.name) && isHandedOn(node, parent)
        ? { kind: "builtin-handed-on", subject: node.name }
        : undefined;
    default:
      return undefined;
  }
}

/** A call of a function that changes its first argument (`Object.assign`), or the object itself (`__defineGetter__`). */
function changeByCall(
  call: AnyNode & { type: "CallExpression" },
  names: ScopedNames,
  values: BuiltinValues,
): CauseOfNode {
  const { callee } = call;
  if (callee.type !== "MemberExpression") return undefined;
  const key = memberName(callee) ?? "";
  const { object } = callee;
  const isChanging =
    object.type === "Identifier" &&
    names.isForeign(object) &&
    changingFunctions.get(object.name)?.has(key) === true;
  const target = isChanging ? call.arguments[0] : /^__define[GS]etter__$/.test(key) ? object : undefined;
  const changed = target === undefined ? undefined : values.builtinOf(target);
  return changed === undefined ? undefined : { kind: "builtin-changed", subject: changed };
}

function prototypeHandedOn(
  member: MemberExpression,
  parent: AnyNode | undefined,
  values: BuiltinValues,
): CauseOfNode {
  if (memberName(member) !== "prototype" || !isHandedOn(member, parent)) return undefined;
  const subject = values.builtinOf(member);
  return subject === undefined ? undefined : { kind: "builtin-handed-on", subject };
}

/** Whether the value goes where it could be changed under another name, rather than being read at once. */
function isHandedOn(node: AnyNode, parent: AnyNode | undefined): boolean {
  switch (parent?.type) {
    case "MemberExpression":
      return parent.object !== node;
    case "BinaryExpression":
    case "UnaryExpression":
    case "SpreadElement":
    case "ExpressionStatement":
    case "IfStatement":
    case "ChainExpression":
      return false;
    case "VariableDeclarator":
      return parent.id.type !== "ObjectPattern";
    case "AssignmentExpression":
      // The target of an assignment is looked at as one.
      return parent.right === node && parent.left.type !== "ObjectPattern";
    case "UpdateExpression":
      return false;
    case "CallExpression":
      return !isObjectCreate(parent, node);
    default:
      return true;
  }
}

/** `Object.create(Error.prototype)` makes an object that inherits; the prototype stays as it is. */
function isObjectCreate(call: AnyNode & { type: "CallExpression" }, argument: AnyNode): boolean {
  const { callee } = call;
  return (
    callee.type === "MemberExpression" &&
    callee.object.type === "Identifier" &&
    callee.object.name === "Object" &&
    memberName(callee) === "create" &&
    call.arguments[0] === argument
  );
}
