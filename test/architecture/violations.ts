import { builtinModules } from "node:module";
import { posix } from "node:path";
import {
  deepestFolders,
  emptyNames,
  longestFileLines,
  longestFunctionLines,
  type FolderRule,
} from "./rules.ts";
import type { ImportEdge, SourceFile } from "./source-tree.ts";

export interface Rules {
  readonly folders: readonly FolderRule[];
  /** The one folder that may import each package. */
  readonly packages: Readonly<Record<string, string>>;
}

/** One line for each thing in the tree that the rules do not allow, each beginning with the file's path. */
export function findViolations(files: readonly SourceFile[], rules: Rules): readonly string[] {
  return [
    ...files.flatMap((file) => [...shapeViolations(file), ...importViolations(file, files, rules)]),
    ...cycles(fileGraph(files)).map((cycle) => `${cycle[0]}: imports itself through ${cycle.join(" → ")}`),
    ...staleRules(files, rules),
  ];
}

/** The row that a file falls under: that of the longest folder which holds it. */
export function ruleOf(path: string, folders: readonly FolderRule[]): FolderRule | undefined {
  return folders
    .filter(({ folder }) => path === folder || path.startsWith(`${folder}/`))
    .reduce<FolderRule | undefined>(
      (best, rule) => (best === undefined || rule.folder.length > best.folder.length ? rule : best),
      undefined,
    );
}

function shapeViolations(file: SourceFile): readonly string[] {
  const found: string[] = file.parseErrors.map((message) => `does not parse: ${message}`);
  const names = file.path.replace(/\.ts$/, "").split("/");
  if (!file.path.endsWith(".ts")) found.push("is not a .ts file");
  if (names.length - 1 > deepestFolders) {
    found.push(`lies ${names.length - 1} folders deep, and ${deepestFolders} are allowed`);
  }
  for (const name of names) {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) found.push(`"${name}" is not in kebab-case`);
    const empty = name.split("-").find((word) => emptyNames.includes(word));
    if (empty !== undefined) found.push(`"${empty}" says nothing of what "${name}" holds`);
  }
  if (file.lines > longestFileLines && file.generated === "no") {
    found.push(`has ${file.lines} lines, and ${longestFileLines} are allowed`);
  }
  for (const { startLine, ownLines } of file.functions) {
    if (ownLines > longestFunctionLines) {
      found.push(
        `the function at line ${startLine} has ${ownLines} lines, and ${longestFunctionLines} are allowed`,
      );
    }
  }
  for (const kind of file.unnamedExports) found.push(`has an export without a name: ${kind}`);
  return found.map((text) => `${file.path}: ${text}`);
}

function importViolations(file: SourceFile, files: readonly SourceFile[], rules: Rules): readonly string[] {
  const rule = ruleOf(file.path, rules.folders);
  if (rule === undefined) return [`${file.path}: no row of the table holds this file`];
  const problems = file.imports.map((edge) => {
    if (edge.specifier.startsWith(".")) return relativeProblem(file, edge, rule, files, rules);
    return isBuiltin(edge.specifier) ? builtinProblem(edge, rule) : packageProblem(edge, rule, rules);
  });
  return problems.filter((problem) => problem !== null).map((problem) => `${file.path}: ${problem}`);
}

function relativeProblem(
  file: SourceFile,
  { specifier, kind }: ImportEdge,
  rule: FolderRule,
  files: readonly SourceFile[],
  rules: Rules,
): string | null {
  const target = resolveFrom(file.path, specifier);
  const allowed = `${rule.folder} may import ${rule.imports.join(", ") || "only itself"}`;
  if (target.startsWith("../")) {
    const data = target.slice("../".length);
    const fits = rule.imports.some(
      (entry) => data === entry || (entry.endsWith("/") && data.startsWith(entry)),
    );
    return fits && data.endsWith(".json") ? null : `imports ${data}, but ${allowed}`;
  }
  if (!files.some(({ path }) => path === target)) return `imports ${target}, which is not there`;
  const home = ruleOf(target, rules.folders)?.folder ?? "";
  if (home === rule.folder || rule.imports.includes(home)) return null;
  if (!rule.imports.includes(target)) return `imports ${target}, but ${allowed}`;
  return kind === "type" ? null : `imports ${target} as a value, and only its types are allowed`;
}

function builtinProblem({ specifier }: ImportEdge, rule: FolderRule): string | null {
  if (rule.node === "yes") return null;
  return `imports ${specifier}, but ${rule.folder} does without Node's modules`;
}

function packageProblem({ specifier }: ImportEdge, rule: FolderRule, rules: Rules): string | null {
  const name = packageName(specifier);
  const home = rules.packages[name];
  if (home === undefined) return `imports ${specifier}, which has no folder in the table of packages`;
  return home === rule.folder ? null : `imports ${name}, which only ${home} may import`;
}

/** Rows that no longer stand for anything; they would go on allowing what nobody meant. */
function staleRules(files: readonly SourceFile[], rules: Rules): readonly string[] {
  const used = new Set(
    files.flatMap(({ imports }) => imports.map(({ specifier }) => packageName(specifier))),
  );
  return [
    ...rules.folders
      .filter(({ folder }) => !files.some(({ path }) => path === folder || path.startsWith(`${folder}/`)))
      .map(({ folder }) => `${folder}: has a row in the table and no file`),
    ...rules.folders.flatMap(({ folder, imports }) =>
      imports
        .filter((entry) => entry.endsWith(".ts") && !files.some(({ path }) => path === entry))
        .map((entry) => `${folder}: its row allows ${entry}, which is not there`),
    ),
    ...Object.keys(rules.packages)
      .filter((name) => !used.has(name))
      .map((name) => `${name}: has a row in the table of packages and no import`),
  ];
}

/** Which files each file imports, types included. */
function fileGraph(files: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    files.map(({ path, imports }) => [
      path,
      imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => resolveFrom(path, specifier)),
    ]),
  );
}

/** One way round for each knot of the graph that the search comes upon; none where the graph has no cycle. */
export function cycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const found: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const walk = (node: string): void => {
    const start = trail.indexOf(node);
    if (start !== -1) {
      found.push([...trail.slice(start), node]);
      return;
    }
    if (done.has(node)) return;
    trail.push(node);
    for (const next of graph.get(node) ?? []) walk(next);
    trail.pop();
    done.add(node);
  };
  for (const node of graph.keys()) walk(node);
  return found;
}

function resolveFrom(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}

function isBuiltin(specifier: string): boolean {
  // The package `buffer` shares its name with a module of Node, which the house names only as `node:buffer`.
  return specifier.startsWith("node:") || (builtinModules.includes(specifier) && specifier !== "buffer");
}

/** `ajv/dist/2020.js` → `ajv`, `@scope/name/x` → `@scope/name`. */
function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
