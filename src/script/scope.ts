import type { Identifier, Program } from "acorn";
import { analyze, type Reference, type Scope, type Variable } from "eslint-scope";
import type { SourceType } from "./parse-source.ts";

/** Which names of a source are its own, and which must come from the realm. */
export interface ScopedNames {
  /** Names that stand at the top level: declarations there, functions in its blocks, imports. */
  readonly topLevel: ReadonlySet<string>;
  /** Uses of names that nothing in the source declares. */
  readonly foreign: readonly ForeignUse[];
  /** Every variable, function, class and parameter that the source declares, and every global that it makes. */
  readonly bindings: readonly Binding[];
  /** Whether the identifier is a use of a name that nothing in the source declares. */
  isForeign(identifier: Identifier): boolean;
  /** What an identifier that is used refers to; `undefined` where the source neither declares nor sets it. */
  bindingOf(identifier: Identifier): Binding | undefined;
}

export interface ForeignUse {
  readonly identifier: Identifier;
  readonly name: string;
  readonly access: "read" | "write";
}

/** A name that the source declares or sets, with all that it is ever set to as far as the text shows it. */
export interface Binding {
  readonly values: readonly AssignedValue[];
}

export type AssignedValue =
  /** The expression on the right of an initialisation or assignment, or the declaration itself of a function or class. */
  | { readonly kind: "node"; readonly node: TypedNode }
  /** A parameter, a loop variable, a caught error: any value. */
  | { readonly kind: "any" };

/** A node of the syntax tree; what it is stands in `type`. */
export interface TypedNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Resolves every name of a program the way it is run: as the body of a function of its own. */
export function scopeNames(program: Program, sourceType: SourceType): ScopedNames {
  const manager = analyze(program as unknown as Parameters<typeof analyze>[0], {
    ecmaVersion: 2025,
    sourceType,
    ignoreEval: true,
    // The program's own names then lie in a function scope, and resolve there.
    nodejsScope: sourceType === "script",
  });
  const bindings: Binding[] = [];
  const bindingOf = new Map<unknown, Binding>();
  for (const { variables } of manager.scopes) {
    for (const { defs, references } of variables) addBinding(defs, references, bindings, bindingOf);
  }
  const foreign = manager.globalScope?.through ?? [];
  for (const references of Map.groupBy(foreign, ({ identifier }) => nameOf(identifier)).values()) {
    if (references.some((reference) => reference.isWrite())) addBinding([], references, bindings, bindingOf);
  }
  const foreignIdentifiers = new Set<unknown>(foreign.map(({ identifier }) => identifier));
  return {
    topLevel: topLevelNames(manager.scopes),
    foreign: foreign.map(toForeignUse),
    bindings,
    isForeign: (identifier) => foreignIdentifiers.has(identifier),
    bindingOf: (identifier) => bindingOf.get(identifier),
  };
}

function toForeignUse(reference: Reference): ForeignUse {
  const identifier = reference.identifier as unknown as Identifier;
  return { identifier, name: identifier.name, access: reference.isWrite() ? "write" : "read" };
}

function nameOf(identifier: Reference["identifier"]): string {
  return (identifier as { readonly name: string }).name;
}

function addBinding(
  definitions: Variable["defs"],
  references: readonly Reference[],
  bindings: Binding[],
  bindingOf: Map<unknown, Binding>,
): void {
  const values: AssignedValue[] = [];
  for (const { type, node } of definitions) {
    if (type === "FunctionName" || type === "ClassName")
      values.push({ kind: "node", node: node as unknown as TypedNode });
    // What a variable starts with is one of the writes below.
    else if (type !== "Variable") values.push({ kind: "any" });
  }
  for (const reference of references) {
    if (!reference.isWrite()) continue;
    const { writeExpr } = reference;
    values.push(writeExpr ? { kind: "node", node: writeExpr as unknown as TypedNode } : { kind: "any" });
  }
  const binding = { values };
  bindings.push(binding);
  for (const { identifier } of references) bindingOf.set(identifier, binding);
}

function topLevelNames(scopes: readonly Scope[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const scope of scopes) {
    if (scope.type === "global" || !isOutsideFunctions(scope)) continue;
    const holdsProgram = scope.block.type === "Program";
    for (const { name, defs } of scope.variables) {
      // Without definitions it is the `arguments` that every function scope has. Blocks hoist their functions.
      if (defs.some((def) => holdsProgram || def.type === "FunctionName")) names.add(name);
    }
  }
  return names;
}

/** Whether code in the scope runs when the source as a whole does. */
function isOutsideFunctions(scope: Scope): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.upper) {
    if (at.block.type === "Program") return true;
    switch (at.type) {
      case "block":
      case "for":
      case "switch":
      case "catch":
      case "with":
        break;
      default:
        return false;
    }
  }
  return true;
}
