import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { folderRules, packageRules, type FolderRule } from "./architecture/rules.ts";
import { parseSource, readSourceTree } from "./architecture/source-tree.ts";
import { cycles, findViolations, ruleOf, type Rules } from "./architecture/violations.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));

describe("the source tree", () => {
  const files = readSourceTree(`${repository}src`);

  test("keeps to the table of folders and packages", () => {
    expect(findViolations(files, { folders: folderRules, packages: packageRules })).toEqual([]);
  });

  test("is read whole: the entry, a type import and a package are seen", () => {
    const edgesOf = (path: string): unknown => files.find((file) => file.path === path)?.imports;
    expect(edgesOf("main.ts")).toContainEqual(expect.objectContaining({ kind: "value" }));
    expect(edgesOf("sandbox/port.ts")).toContainEqual({ specifier: "../model/stage.ts", kind: "type" });
    expect(edgesOf("config/config-file.ts")).toContainEqual({ specifier: "yaml", kind: "value" });
  });
});

describe("the table of folders", () => {
  test("allows no way round", () => {
    const home = (entry: string): string => ruleOf(entry, folderRules)?.folder ?? entry;
    // A port's file counts as its folder; the parts of the sandbox import the sandbox's own port and wire.
    const graph = new Map(folderRules.map(({ folder, imports }) => [folder, imports.map(home)]));
    expect(cycles(graph)).toEqual([]);
  });

  test("stands in ARCHITECTURE.md as it is here", () => {
    const page = readFileSync(`${repository}ARCHITECTURE.md`, "utf8");
    for (const line of tableLines(folderRules)) expect(page.split("\n")).toContain(line);
    for (const [name, folder] of Object.entries(packageRules)) {
      expect(
        page.split("\n").find((line) => line.startsWith(`| \`${folder}\``) && line.includes(`\`${name}\``)),
      ).toBeDefined();
    }
  });
});

function tableLines(rules: readonly FolderRule[]): readonly string[] {
  return rules.map(({ folder, holds, imports, node }) => {
    const names = [...imports.map((name) => `\`${name}\``), ...(node === "yes" ? [] : ["no module of Node"])];
    return `| \`${folder}\` | ${holds} | ${names.join(", ")} |`;
  });
}

describe("a tree that breaks a rule", () => {
  const rules: Rules = {
    folders: [
      { folder: "main.ts", holds: "", imports: ["app"], node: "yes" },
      { folder: "app", holds: "", imports: ["stage", "model"], node: "yes" },
      { folder: "stage/inner", holds: "", imports: [], node: "no" },
      { folder: "stage", holds: "", imports: ["model", "next/port.ts"], node: "yes" },
      { folder: "next", holds: "", imports: ["model"], node: "yes" },
      { folder: "model", holds: "", imports: ["schemas/"], node: "no" },
    ],
    packages: { ajv: "model", "@scope/client": "next" },
  };
  const sound: Readonly<Record<string, string>> = {
    "main.ts": `import { app } from "./app/app.ts"; app();`,
    "app/app.ts": `import { stage } from "../stage/stage.ts"; export const app = stage;`,
    "stage/stage.ts": `import type { Port } from "../next/port.ts"; export const stage = (port: Port) => port;`,
    "stage/inner/part.ts": `export const part = 1;`,
    "next/port.ts": `import type { Word } from "../model/word.ts"; export interface Port { word: Word }`,
    "next/next.ts": `import client from "@scope/client/deep"; import { join } from "node:path"; export const a = [client, join];`,
    "model/word.ts": `import schema from "../../schemas/word.json" with { type: "json" }; import Ajv from "ajv"; export type Word = typeof schema | Ajv;`,
  };
  const violationsWith = (changed: Readonly<Record<string, string>>): readonly string[] => {
    const files = Object.entries({ ...sound, ...changed }).map(([path, text]) => parseSource(path, text));
    return findViolations(files, rules);
  };

  test("is told from one that keeps them", () => {
    expect(violationsWith({})).toEqual([]);
  });

  test.each([
    [
      "a folder that it may not import",
      "model/new.ts",
      `import { app } from "../app/app.ts"; export const x = app;`,
      "imports app/app.ts, but model may import schemas/",
    ],
    [
      "a type of a folder that it may not import",
      "model/new.ts",
      `import type { app } from "../app/app.ts"; export type X = typeof app;`,
      "imports app/app.ts, but model",
    ],
    [
      "a type by import()",
      "model/new.ts",
      `export type X = typeof import("../app/app.ts");`,
      "imports app/app.ts, but model",
    ],
    [
      "a folder, passed on by export from",
      "next/new.ts",
      `export { app } from "../app/app.ts";`,
      "imports app/app.ts, but next",
    ],
    [
      "a folder, at run time",
      "next/new.ts",
      `export const x = () => import("../app/app.ts");`,
      "imports app/app.ts, but next",
    ],
    [
      "a computed name",
      "next/new.ts",
      `export const x = (name: string) => import(name);`,
      "imports <computed>, which has no folder",
    ],
    [
      "a neighbour past its port",
      "stage/new.ts",
      `import { a } from "../next/next.ts"; export const x = a;`,
      "imports next/next.ts, but stage may import model, next/port.ts",
    ],
    [
      "a value of a port",
      "stage/new.ts",
      `import { Port } from "../next/port.ts"; export const x = Port;`,
      "imports next/port.ts as a value",
    ],
    [
      "its parent, from a folder that stands alone",
      "stage/inner/new.ts",
      `import { stage } from "../stage.ts"; export const x = stage;`,
      "imports stage/stage.ts, but stage/inner may import only itself",
    ],
    [
      "a subfolder with a row of its own",
      "stage/new.ts",
      `import { part } from "./inner/part.ts"; export const x = part;`,
      "imports stage/inner/part.ts, but stage",
    ],
    [
      "data that it may not read",
      "next/new.ts",
      `import s from "../../schemas/word.json" with { type: "json" }; export const x = s;`,
      "imports schemas/word.json, but next",
    ],
    [
      "code beside src",
      "model/new.ts",
      `import { s } from "../../schemas/word.ts"; export const x = s;`,
      "imports schemas/word.ts, but model",
    ],
    [
      "a file that is not there",
      "next/new.ts",
      `import { s } from "./gone.ts"; export const x = s;`,
      "imports next/gone.ts, which is not there",
    ],
    [
      "a package of another folder",
      "next/new.ts",
      `import Ajv from "ajv"; export const x = Ajv;`,
      "imports ajv, which only model may import",
    ],
    [
      "a package that has no row",
      "next/new.ts",
      `import x from "left"; export const y = x;`,
      "imports left, which has no folder",
    ],
    [
      "a module of Node where there is none",
      "model/new.ts",
      `import { join } from "node:path"; export const x = join;`,
      "imports node:path, but model does without",
    ],
  ])("is told: a file imports %s", (_what, path, text, expected) => {
    expect(violationsWith({ [path]: text })).toEqual([expect.stringContaining(`${path}: ${expected}`)]);
  });

  test("is told: two files import each other, by types alone", () => {
    const found = violationsWith({
      "next/one.ts": `import type { Two } from "./two.ts"; export interface One { two: Two }`,
      "next/two.ts": `import type { One } from "./one.ts"; export interface Two { one: One }`,
    });
    expect(found).toEqual(["next/one.ts: imports itself through next/one.ts → next/two.ts → next/one.ts"]);
  });

  test.each([
    ["a default export", "next/new.ts", "export default 1;", "has an export without a name: default"],
    ["export *", "next/new.ts", `export * from "./port.ts";`, "has an export without a name: export *"],
    ["301 lines", "next/new.ts", "// a line\n".repeat(301), "has 301 lines, and 300 are allowed"],
    ["a name in camel case", "next/newName.ts", "", `"newName" is not in kebab-case`],
    ["a name that says nothing", "next/text-utils.ts", "", `"utils" says nothing of what "text-utils" holds`],
    ["a folder whose name says nothing", "next/common/word.ts", "", `"common" says nothing`],
    ["three folders above it", "next/a/b/word.ts", "", "lies 3 folders deep, and 2 are allowed"],
    ["no row", "other/word.ts", "", "no row of the table holds this file"],
    ["another language", "next/word.js", "", "is not a .ts file"],
    ["a syntax error", "next/new.ts", "export const = 1;", "does not parse"],
  ])("is told: a file has %s", (_what, path, text, expected) => {
    expect(violationsWith({ [path]: text })).toContainEqual(expect.stringContaining(`${path}: ${expected}`));
  });

  test("is told: a row has lost its folder, its package or a file that it allows", () => {
    const files = Object.entries(sound)
      .filter(([path]) => !path.startsWith("stage/inner") && path !== "next/next.ts")
      .map(([path, text]) => parseSource(path, text));
    const folders = [
      ...rules.folders,
      { folder: "next/port.ts", holds: "", imports: ["model", "next/gone.ts"], node: "yes" as const },
    ];
    expect(findViolations(files, { ...rules, folders })).toEqual([
      "stage/inner: has a row in the table and no file",
      "next/port.ts: its row allows next/gone.ts, which is not there",
      "@scope/client: has a row in the table of packages and no import",
    ]);
  });

  const lines = (count: number): string => "  step();\n\n  // why\n".repeat(count);

  test("is told: a function of more than 40 lines", () => {
    const text = `\nexport function long(): void {\n${lines(39)}}\n`;
    expect(violationsWith({ "next/new.ts": text })).toEqual([
      "next/new.ts: the function at line 2 has 41 lines, and 40 are allowed",
    ]);
  });

  test("may have a function whose inner functions make it longer", () => {
    const inner = `  const inner = (): void => {\n${lines(30)}  };\n`;
    expect(
      violationsWith({ "next/new.ts": `export function make(): void {\n${inner}${lines(30)}}\n` }),
    ).toEqual([]);
  });

  test("may have a generated file of any length", () => {
    expect(
      violationsWith({ "next/new.ts": `// Generated by a script.\n${"// a line\n".repeat(400)}` }),
    ).toEqual([]);
  });
});
