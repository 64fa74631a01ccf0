import type { AnyNode, Identifier, MemberExpression } from "acorn";
import { full, fullAncestor } from "acorn-walk";
import type { ScriptStage } from "../model/stage.ts";
import { memberName } from "./builtin-values.ts";
import type { ParsedSource } from "./parse-source.ts";
import type { ScopedNames } from "./scope.ts";

/** Names under which a stage's function may stand, in the order in which they are looked for. */
export function entryNames(stage: ScriptStage, dialect: "auto" | "millrace" | "lorawan"): readonly string[] {
  if (stage !== "decode" || dialect === "millrace") return [stage];
  return ["decodeUplink", "Decoder", "Decode", "decode"];
}

/** What a source can be asked for, as far as its text shows it. */
export interface EntryPoints {
  /** Names at the top level and globals that the source makes. */
  readonly own: ReadonlySet<string>;
  /** Names that the source exports: one by one, or as an object that it exports as a whole. */
  readonly exported: ReadonlySet<string>;
  /** What is exported as a whole: by `export default`, or by assigning to `module.exports`. */
  readonly whole: "none" | "function" | "object" | "unknown";
  /** How an ES module exports what it exports; `names` for a script. */
  readonly form: "names" | "default only";
  /** Whether the two lists are all there is: `no` where names may be made in ways that only running it shows. */
  readonly complete: "yes" | "no";
}

export function findEntryPoints(source: ParsedSource, names: ScopedNames): EntryPoints {
  const globals = names.foreign.filter(({ access }) => access === "write").map(({ name }) => name);
  const own = new Set([...names.topLevel, ...globals]);
  return source.sourceType === "module"
    ? { own, ...moduleExports(source) }
    : { own, form: "names", ...scriptExports(source, names) };
}

function moduleExports({ program }: ParsedSource): Omit<EntryPoints, "own"> {
  const named = new Set<string>();
  let whole: WholeExport = { whole: "none", names: [] };
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") whole = wholeExport(statement.declaration);
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const { exported } of statement.specifiers) {
      const name = exported.type === "Identifier" ? exported.name : String(exported.value);
      if (name === "default") whole = { whole: "unknown", names: [] };
      else named.add(name);
    }
    for (const name of declaredNames(statement.declaration ?? null)) named.add(name);
  }
  return {
    exported: named.size > 0 ? named : new Set(whole.names),
    whole: named.size > 0 ? "none" : whole.whole,
    form: named.size === 0 && whole.whole !== "none" ? "default only" : "names",
    complete: named.size === 0 && whole.whole === "unknown" ? "no" : "yes",
  };
}

function declaredNames(declaration: AnyNode | null): string[] {
  switch (declaration?.type) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return declaration.id === null ? [] : [declaration.id.name];
    case "VariableDeclaration":
      return declaration.declarations.flatMap(({ id }) => {
        const found: string[] = [];
        full(id, (node) => {
          if (node.type === "Identifier") found.push(node.name);
        });
        return found;
      });
    default:
      return [];
  }
}

/** A value that stands for all exports, with the names that it is known to have. */
interface WholeExport {
  readonly whole: EntryPoints["whole"];
  readonly names: readonly string[];
}

function wholeExport(value: AnyNode): WholeExport {
  switch (value.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return { whole: "function", names: [] };
    case "ObjectExpression": {
      const names = value.properties.map((property) =>
        property.type === "Property" && !property.computed ? keyOf(property.key) : undefined,
      );
      return names.every((name) => name !== undefined)
        ? { whole: "object", names }
        : { whole: "unknown", names: [] };
    }
    default:
      return { whole: "unknown", names: [] };
  }
}

function keyOf(key: AnyNode): string | undefined {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" ? String(key.value) : undefined;
}

/** What a script does with `module` and `exports`; any use that is not understood makes the list incomplete. */
function scriptExports({ program }: ParsedSource, names: ScopedNames): Omit<EntryPoints, "own" | "form"> {
  const exported = new Set<string>();
  let whole: EntryPoints["whole"] = "none";
  let complete: EntryPoints["complete"] = "yes";
  fullAncestor(program, (node, _state, ancestors) => {
    if (node.type === "ThisExpression" || node.type === "WithStatement") complete = "no";
    if (node.type !== "Identifier" || !names.isForeign(node)) return;
    if (node.name === "globalThis" || node.name === "eval") complete = "no";
    if (node.name !== "module" && node.name !== "exports") return;
    const found = exportsBy(node, ancestors.slice(-knownAncestors, -1).reverse());
    if (found.whole !== "none") whole = found.whole;
    if (found.whole === "unknown") complete = "no";
    for (const name of found.names) exported.add(name);
  });
  return { exported, whole, complete };
}

/** As many nodes around a use as decide what it is: with fewer it would not be understood, with more nothing changes. */
const knownAncestors = 10;

const nothing: WholeExport = { whole: "none", names: [] };
const notUnderstood: WholeExport = { whole: "unknown", names: [] };

/** What one use of `module` or `exports` exports; the nodes around it come from the inside out. */
function exportsBy(use: Identifier, around: readonly AnyNode[]): WholeExport {
  let at: AnyNode = use;
  let depth = 0;
  if (isOnlyAsked(at, around.slice(depth))) return nothing;
  if (use.name === "module") {
    const member = around[depth];
    if (member?.type !== "MemberExpression" || memberName(member) !== "exports") return notUnderstood;
    at = member;
    depth = 1;
    if (isOnlyAsked(at, around.slice(depth))) return nothing;
  }
  const parent = around[depth];
  if (parent?.type === "AssignmentExpression" && parent.left === at) return wholeExport(parent.right);
  if (parent?.type !== "MemberExpression" || parent.object !== at) return notUnderstood;
  return memberExport(parent, around[depth + 1]);
}

/** `exports.decode = …` exports a name; reading `exports.decode` does not. */
function memberExport(member: MemberExpression, parent: AnyNode | undefined): WholeExport {
  if (parent?.type !== "AssignmentExpression" || parent.left !== member) return nothing;
  const name = memberName(member);
  return name === undefined ? notUnderstood : { whole: "none", names: [name] };
}

/** `typeof module`, `module && …`, `if (module.exports)`: the value is looked at and not passed on. */
function isOnlyAsked(use: AnyNode, around: readonly AnyNode[]): boolean {
  let node = use;
  for (const parent of around) {
    switch (parent.type) {
      case "UnaryExpression":
      case "BinaryExpression":
        return true;
      case "LogicalExpression":
        if (parent.operator === "&&" && parent.left === node) return true;
        node = parent;
        break;
      case "IfStatement":
      case "ConditionalExpression":
        return parent.test === node;
      default:
        return false;
    }
  }
  return false;
}
