import { expect, test } from "vitest";
import { isInert } from "../../src/script/inert-top-level.ts";
import { parseSource } from "../../src/script/parse-source.ts";

function inert(text: string, sourceType: "script" | "module" = "script"): boolean {
  const parsed = parseSource(text, sourceType);
  if (parsed.kind !== "parsed") throw new Error(parsed.message);
  return isInert(parsed.program);
}

test.each([
  "",
  "'use strict'; function decode(p) { Array.prototype.x = 1; return p }",
  "const scale = -0.5, names = ['a', `b`, null], table = { 1: 'x', deep: { list: [1, , 2] } };",
  "let last; var pattern = /x/g; const f = (a = Math.random()) => a, g = function () { return evil() };",
  "const o = { get x() { return evil() }, set x(v) {}, method() {} };",
  "function decode() {} module.exports = function () {}; exports.decode = (p) => p; module.exports.validate = () => true;",
])("calls nothing: %s", (text) => {
  expect(inert(text)).toBe(true);
});

test("exports of an ES module call nothing either", () => {
  expect(
    inert(
      "export function decode(p) { return p }\nexport const k = 1; function v() {} export { v };",
      "module",
    ),
  ).toBe(true);
});

test.each([
  "evil();",
  "const x = evil();",
  "const x = new Map();",
  "const x = Math.PI;",
  "const x = missing;",
  "const [x] = [];",
  "const { x } = {};",
  "const x = [...'abc'];",
  "const x = { ...y };",
  "const x = { [evil()]: 1 };",
  "const x = `a${evil()}`;",
  "const x = 'a'`b`;",
  "const x = -y;",
  "x = 1;",
  "Array.prototype.last = function () {};",
  "exports[evil()] = 1;",
  "exports.__proto__ = null;",
  "exports.a.b = function () {};",
  "module.x = function () {};",
  "module.exports = evil();",
  "class A { static { evil() } }",
  "if (true) evil();",
  "throw 1;",
  "for (;;);",
  "{ evil() }",
])("may do something: %s", (text) => {
  expect(inert(text)).toBe(false);
});

test("an ES module's default value may do something", () => {
  expect(inert("export default evil();", "module")).toBe(false);
});
