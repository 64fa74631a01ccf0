import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { originalPosition } from "../../src/script/original-position.ts";
import { prepareTemplate } from "../../src/script/prepare-template.ts";
import { definitionOf, fileOf, linesOf, prepareText } from "./prepare.ts";

describe("a plain script", () => {
  test("stays byte for byte, with its byte order mark, carriage returns and odd characters", async () => {
    const text = "\ufeff// é\r\nvar x = 010;\r\nfunction decode(p) { y = x; return arguments.length }\r\n";
    const file = fileOf(await prepareText(text));
    expect(file.code).toBe(text);
    expect(file.sourceMap).toBeUndefined();
    expect(file.stages).toEqual(["decode"]);
  });

  test("may use what only sloppy scripts have", async () => {
    const text = "function decode(a, a) { var let = 1; delete x; <!-- a comment\n return 07 }";
    expect(linesOf(await prepareText(text))).toEqual([]);
  });

  test("is refused with the place and the token where it does not parse", async () => {
    const prepared = await prepareText("function decode(p) {\n  return p.;\n}\n");
    expect(prepared.kind).toBe("broken");
    expect(prepared.findings).toEqual([
      {
        severity: "error",
        code: "SYNTAX_ERROR",
        message: 'unexpected token ";"',
        stage: "decode",
        file: "decode.js",
        line: 2,
        column: 12,
      },
    ]);
  });

  test.each([
    ["function decode(p) {", "SYNTAX_ERROR 1:21 unexpected end of the source"],
    ["function decode(p) { return 'ü }\n", "SYNTAX_ERROR 1:29 unterminated string constant"],
    ["#!/usr/bin/env node\nfunction decode() {}", "SYNTAX_ERROR 1:2 unexpected character '!'"],
    ["/* a */ --> comment\nfunction decode() {}", "SYNTAX_ERROR 1:1 a script cannot begin with `-->`"],
    ["return 1;", "SYNTAX_ERROR 1:1 'return' outside of function"],
  ])("is refused: %j", async (text, line) => {
    expect(linesOf(await prepareText(text))).toEqual([line]);
  });

  test.each([
    "} leaked(); function decode() {",
    "function decode() {} }); leaked((function () {",
    "*/ function decode() {} /*",
  ])("is refused where it closes a function around it: %j", async (text) => {
    const prepared = await prepareText(text);
    expect(prepared.kind).toBe("broken");
    expect(prepared.findings[0]?.code).toBe("SYNTAX_ERROR");
  });

  test("is refused, without an exception, where it is nested deeper than the stack goes", async () => {
    const depth = 200_000;
    for (const text of [
      `var a = ${"[".repeat(depth)}${"]".repeat(depth)}; function decode() {}`,
      `var a = ${"1+".repeat(depth)}1; function decode() {}`,
    ]) {
      expect(linesOf(await prepareText(text, { sourceLimitBytes: 10_000_000 }))).toEqual([
        "SYNTAX_ERROR 1:1 the source is nested too deeply",
      ]);
    }
  });

  test("runs or is refused at any depth, whichever check the stack ends in", async () => {
    const kinds = new Set<string>();
    for (let depth = 250; depth <= 16_000; depth = Math.ceil(depth * 1.3)) {
      for (const text of [
        `x = ${"'a' + ".repeat(depth)}'b'`,
        `x = a${".b".repeat(depth)}`,
        `${"if (a); else ".repeat(depth)};`,
      ]) {
        const prepared = await prepareText(`${text}; function decode() {}`);
        kinds.add(prepared.kind);
        expect(["", "SYNTAX_ERROR 1:1 the source is nested too deeply"]).toContain(linesOf(prepared).join());
      }
    }
    expect(kinds).toEqual(new Set(["runnable", "broken"]));
  });

  test("may nest blocks and functions 200 deep", async () => {
    const nested = (depth: number): string => `function decode() {${"{".repeat(depth)}${"}".repeat(depth)}}`;
    expect(linesOf(await prepareText(nested(199)))).toEqual([]);
    expect(linesOf(await prepareText(nested(200)))).toEqual([
      "SYNTAX_ERROR 1:219 blocks and functions are nested too deeply",
    ]);
    const chain = "if (a) { x = 1 } else ".repeat(300);
    expect(linesOf(await prepareText(`${chain}{}; function decode() {}`))).toEqual([]);
  });
});

describe("asynchronous source", () => {
  test.each([
    ["async function decode() {}", "async", "1:1"],
    ["var decode = async () => 1;", "async", "1:14"],
    ["var o = { async m() {} }; function decode() {}", "async", "1:11"],
    ["class A { static async m() {} } function decode() {}", "async", "1:11"],
    ["function decode() { return async function* () { await 1; } }", "async", "1:28"],
    ["function decode() { return import('x') }", "import()", "1:28"],
    ["function decode() {}\nawait decode();", "await", "2:1"],
    ["function decode() {}\nfor await (const x of []) ;", "for await", "2:1"],
  ])("%j is refused", async (text, construct, place) => {
    expect(linesOf(await prepareText(text))).toEqual([
      `ASYNC_SOURCE ${place} \`${construct}\` is not available: stages are synchronous functions that return their result`,
    ]);
  });

  test("is not what only looks like it", async () => {
    const text = "var async = 1, await = 2; function decode() { return async + await + 'async () => {}' }";
    expect(linesOf(await prepareText(text))).toEqual([]);
  });

  test("in TypeScript has the author's position", async () => {
    const text =
      "interface A { a: number }\ntype B = A;\nexport async function decode(p: B) { return await p }";
    expect(linesOf(await prepareText(text, { file: "decode.ts" }))).toEqual([
      expect.stringMatching(/^ASYNC_SOURCE 3:1 `async` is not available/),
    ]);
  });
});

describe("TypeScript and ES modules", () => {
  /** Runs a file as the body of a function, as an executor does, and gives its `module.exports`. */
  function exportsOf(code: string): Record<string, (payload: unknown) => unknown> {
    const module = { exports: {} };
    runInNewContext(`(function (module, exports) {${code}\n})(module, module.exports)`, { module });
    return module.exports;
  }

  test("become a classic script that exports what they export", async () => {
    const text =
      "enum Unit { C = 'c' }\nexport const decode = (p: number[]): object => ({ unit: Unit.C, n: p.length });\n";
    const file = fileOf(await prepareText(text, { file: "decode.ts" }));
    expect(exportsOf(file.code)["decode"]?.([1, 2])).toEqual({ unit: "c", n: 2 });
  });

  test("have a default export taken for the whole, a function as well as an object", async () => {
    const asFunction = fileOf(await prepareText("export default function (p) { return p + 1 }"));
    expect((exportsOf(asFunction.code) as unknown as (p: number) => number)(1)).toBe(2);
    const asObject = fileOf(
      await prepareText("export default { decode(p) { return p }, transform() {} };", {
        file: "t.js",
        stages: "exported",
      }),
    );
    expect(asObject.stages).toEqual(["decode", "transform"]);
    expect(exportsOf(asObject.code)["decode"]?.(3)).toBe(3);
  });

  test("stay strict, as modules are", async () => {
    const file = fileOf(await prepareText("export function decode() { return typeof this }"));
    expect(file.code.startsWith('"use strict";')).toBe(true);
  });

  test("keep the way back to the author's lines and columns", async () => {
    const text =
      "type A = { v: number };\n\nexport function decode(p: A): number {\n  return explode(p);\n}\n";
    const file = fileOf(await prepareText(text, { file: "decode.ts" }));
    const lines = file.code.split("\n");
    const line = lines.findIndex((each) => each.includes("explode"));
    const column = lines[line]!.indexOf("explode");
    expect(originalPosition(file, { line: line + 1, column: column + 1 })).toEqual({
      file: "decode.ts",
      line: 4,
      column: 10,
    });
    const added = lines.findIndex((each) => each.includes("exports.decode=decode"));
    expect(added).toBeGreaterThan(line);
    expect(originalPosition(file, { line: added + 1, column: 1 })).toBeUndefined();
  });

  test.each([
    ["export const decode = (p) => p, other = 1;", "decode", "other"],
    ["function read(p) { return p }\nexport { read as decode };", "decode"],
    ["export class Reader {}\nexport function decode(p) { return p }", "Reader", "decode"],
    ["export var { decode } = { decode(p) { return p } };", "decode"],
    ["function read(p) { return p }\nexport { read as decode, read as default };", "decode"],
  ])("export the same names whatever the form of the export: %j", async (text, ...names) => {
    const { code } = fileOf(await prepareText(text));
    const module = { exports: {} as Record<string, unknown> };
    const load = runInNewContext(`(function (module, exports) {${code}\n})`) as (...given: object[]) => void;
    load(module, module.exports);
    for (const name of names) expect(module.exports[name]).toBeDefined();
    expect(code).toMatch(/^"use strict";/);
  });

  test("without imports and exports stay a script, only without types", async () => {
    const file = fileOf(await prepareText("function decode(p: any) { return p }", { file: "decode.ts" }));
    expect(file.code).not.toContain("module");
    expect(file.code).not.toContain("use strict");
    expect(file.sourceMap).toBeDefined();
  });

  test.each([
    ['import { x } from "./x.js";\nexport function decode() { return x }', '"./x.js"'],
    ['export { decode } from "lib";', '"lib"'],
    ['export * from "lib";', '"lib"'],
    ['import "side-effect";\nexport function decode() {}', '"side-effect"'],
  ])("cannot import: %j", async (text, from) => {
    expect(linesOf(await prepareText(text))).toEqual([
      `IMPORT_REFUSED 1:1 importing ${from} is not supported: a stage is one file; put the code into it`,
    ]);
  });

  test("may import types, which are gone before it runs", async () => {
    const text =
      'import type { A } from "./types.ts";\nimport { B } from "./b.ts";\nexport function decode(p: A | B) { return p }';
    expect(linesOf(await prepareText(text, { file: "decode.ts" }))).toEqual([]);
  });

  test("are refused where they do not parse, with columns counted in UTF-16 code units", async () => {
    const prepared = await prepareText('const é: string = "😀" );', { file: "decode.ts" });
    expect(linesOf(prepared)).toEqual(['SYNTAX_ERROR 1:24 expected ";" but found ")"']);
    expect(linesOf(await prepareText("export function decode( {"))).toEqual([
      "SYNTAX_ERROR 1:26 unexpected end of the source",
    ]);
  });
});

describe("entry points", () => {
  test.each([
    "function decode() {}",
    "var decode = function () {};",
    "const decode = () => 1;",
    "decode = function () {};",
    "if (true) { function decode() {} }",
    "module.exports = function () {};",
    "module.exports = { decode: f }; function f() {}",
    "module.exports = { decode() {} };",
    "module.exports.decode = function () {};",
    "exports.decode = function () {};",
    "exports['decode'] = function () {};",
    "function decodeUplink() {}",
    "function Decoder() {}",
    "function Decode() {}",
    "var codec = {}; module.exports = codec;",
    "Object.assign(exports, make()); function make() {}",
  ])("%j has one for decode", async (text) => {
    expect(linesOf(await prepareText(text)).filter((line) => line.startsWith("NO_ENTRY"))).toEqual([]);
  });

  test.each([
    "",
    "function decodePayload() { var decode = 1; return decode }",
    "function f() { function decode() {} }",
    "module.exports = { decodes: 1 };",
    "if (typeof module !== 'undefined' && module.exports) module.exports = { parse() {} };",
    "exports.parse = function () {};",
  ])("%j has none", async (text) => {
    const prepared = await prepareText(text);
    expect(prepared).toEqual({
      kind: "broken",
      findings: [
        {
          severity: "error",
          code: "NO_ENTRY_POINT",
          message: "there is no function decodeUplink, Decoder, Decode, or decode in decode.js",
          stage: "decode",
          file: "decode.js",
        },
      ],
    });
  });

  test("of the LoRaWAN dialect count for decode only, and not where the template says `millrace`", async () => {
    const text = "function decodeUplink() {}";
    expect(linesOf(await prepareText(text, { dialect: "millrace" }))).toEqual([
      "NO_ENTRY_POINT there is no function decode in decode.js",
    ]);
    expect(linesOf(await prepareText(text, { stages: ["validate"], file: "v.js" }))).toEqual([
      "NO_ENTRY_POINT there is no function validate in v.js",
    ]);
    expect(linesOf(await prepareText(text, { dialect: "lorawan" }))).toEqual([]);
  });

  test("of a file for several stages are each looked for", async () => {
    const prepared = await prepareText("function decode() {}", {
      stages: ["decode", "validate", "transform"],
    });
    expect(prepared.findings.map(({ stage, code }) => [stage, code])).toEqual([
      ["validate", "NO_ENTRY_POINT"],
      ["transform", "NO_ENTRY_POINT"],
    ]);
  });

  test("of a template's one source are those that it exports, and no private function of the same name", async () => {
    const text =
      "function validate() {}\nexport function decode() { validate() }\nexport function transform() {}";
    const file = fileOf(await prepareText(text, { file: "template.ts", stages: "exported" }));
    expect(file.stages).toEqual(["decode", "transform"]);
  });

  test("must be there in a template's one source", async () => {
    expect(
      linesOf(await prepareText("export const version = 1;", { file: "t.ts", stages: "exported" })),
    ).toEqual(["NO_ENTRY_POINT there is no function decode, validate, or transform in t.ts"]);
  });
});

describe("a template", () => {
  test("reports all files that are wrong, each with its stage", async () => {
    const prepared = await prepareTemplate({
      ...definitionOf(""),
      files: [
        { file: "decode.js", text: "function decode() {", stages: ["decode"] },
        { file: "validate.js", text: "function validate() {}", stages: ["validate"] },
        { file: "transform.js", text: "async function transform() {}", stages: ["transform"] },
      ],
    });
    expect(prepared.findings.map(({ stage, code, file }) => [stage, code, file])).toEqual([
      ["decode", "SYNTAX_ERROR", "decode.js"],
      ["transform", "ASYNC_SOURCE", "transform.js"],
    ]);
  });

  test("is refused where a source is larger than allowed, counted in bytes", async () => {
    const text = `function decode() {} // ${"é".repeat(10)}`;
    expect(fileOf(await prepareText(text, { sourceLimitBytes: 44 })).code).toBe(text);
    expect(linesOf(await prepareText(text, { sourceLimitBytes: 43 }))).toEqual([
      "SOURCE_TOO_LARGE the source is 44 bytes long, at most 43 are allowed (limits.sourceBytes)",
    ]);
  });

  test("without files passes its input on, and can run", async () => {
    const prepared = await prepareTemplate({ ...definitionOf(""), files: [] });
    expect(prepared).toMatchObject({ kind: "runnable", runnable: { files: [], realm: "sealed" } });
  });

  test("is warned of `require`, but not for asking whether there is one", async () => {
    expect(linesOf(await prepareText("var fs = require('fs'); function decode() {}"))).toEqual([
      "REQUIRE_ABSENT 1:10 `require` is not available: a stage is one file; put the code into it",
    ]);
    const asks = "var r = typeof require === 'function' ? 1 : 2; function decode(require) { require(1) }";
    expect(linesOf(await prepareText(asks))).toEqual([]);
  });
});
