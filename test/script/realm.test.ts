import { describe, expect, test } from "vitest";
import { prepareTemplate } from "../../src/script/prepare-template.ts";
import { definitionOf, linesOf, prepareText } from "./prepare.ts";

async function realmOf(text: string, file = "decode.js"): Promise<string> {
  const prepared = await prepareText(text, { file });
  if (prepared.kind === "broken") throw new Error(linesOf(prepared).join("\n"));
  return prepared.runnable.realm;
}

describe("a script runs in a sealed realm", () => {
  test.each([
    "function decode(bytes) { return { t: (bytes[0] << 8 | bytes[1]) / 10 } }",
    // Its own names, whatever they are called.
    "var Map = {}; Map.x = 1; Map = 2; function decode() { return Map }",
    "function decode(name, Array) { Array.prototype.x = name; }".replace(".prototype.x", ".x"),
    "function decode() { for (let Math of [1]) { Math.x = 1; Math = 2 } }",
    "function decode() { try { f() } catch (JSON) { JSON.x = 1 } }",
    "function escape(s) { return s } escape.cache = {}; function decode() {}",
    "function decode({ Object }) { Object.x = 1; [Object.y] = [2] }",
    // Globals of its own, and properties of its own objects.
    "counter = 0; function decode() { counter++; table = {}; table.x = 1; delete table.x; [table.a] = [1] }",
    "function Frame(v) { return { v } } Frame.prototype.x = 1; Frame.prototype = {}; function decode() {}",
    "class Frame { get() { return 1 } } Frame.prototype.twice = () => 2; function decode() {}",
    "var o = {}; o.toString = () => 'x'; o.constructor = 1; o.name = 'n'; function decode() {}",
    // Reading built-ins.
    "var slice = Array.prototype.slice; function decode(b) { return slice.call(b, 1).map(Number) }",
    "function decode(x) { return Object.prototype.hasOwnProperty.call(x, 'a') && Math.round(x.a) && x instanceof Map }",
    "const { min, max } = Math; function decode(x) { return { ...Math, v: min(x, max(1, 2)) } }",
    "function decode(x) { var y = undefined; y = {}; y.a = NaN; return Object.assign({}, x, y) }",
    "function decode(x) { Object.defineProperty(x, 'a', { value: 1 }); return Object.freeze(x) }",
    "var E = Object.create(Error.prototype); E.code = 1; function decode() {}",
    "function decode(x) { return JSON.parse(JSON.stringify(x)), typeof Reflect, Array.isArray(x) }",
    "function decode() { return 'this globalThis with eval' /* this */ }",
  ])("%j", async (text) => {
    expect(linesOf(await prepareText(text))).toEqual([]);
    expect(await realmOf(text)).toBe("sealed");
  });

  test("also where TypeScript's conversion adds helpers", async () => {
    const text = "export const decode = (p: number[]) => p[0];\nexport default decode;";
    expect(await realmOf(text, "decode.ts")).toBe("sealed");
  });
});

describe("a script needs a fresh realm for each event", () => {
  test.each([
    ["function decode() { return this }", "1:28 `this`"],
    ["var f = () => this; function decode() {}", "1:15 `this`"],
    ["class A { x = 1; get() { return this.x } } function decode() {}", "1:33 `this`"],
    ["function decode() { globalThis.x = 1 }", "1:21 `globalThis`"],
    ["function decode(o) { with (o) { return x } }", "1:22 `with`"],
    ["function decode(s) { return eval(s) }", "1:29 `eval`"],
    ["function decode(s) { return (0, eval)(s) }", "1:33 `eval`"],
    ["Map = 1; function decode() {}", "1:1 assigning to the built-in `Map`"],
    ["undefined = 1; function decode() {}", "1:1 assigning to the built-in `undefined`"],
    ["Buffer = null; function decode() {}", "1:1 assigning to the built-in `Buffer`"],
    ["function decode() { escape++ }", "1:21 assigning to the built-in `escape`"],
    ["delete Map; function decode() {}", "1:8 assigning to the built-in `Map`"],
    ["[Map] = [1]; function decode() {}", "1:2 assigning to the built-in `Map`"],
    ["for (Math of []); function decode() {}", "1:6 assigning to the built-in `Math`"],
    ["{ let Map = 1 } Map = 2; function decode() {}", "1:17 assigning to the built-in `Map`"],
    ["Array.prototype.last = f; function f() {} function decode() {}", "1:1 changing `Array.prototype`"],
    ["Array['prototype']['last'] = 1; function decode() {}", "1:1 changing `Array.prototype`"],
    ["Math.tau = 1; function decode() {}", "1:1 changing `Math`"],
    ["Math[k] ||= 1; function decode() {}", "1:1 changing `Math`"],
    ["Math.n++; function decode() {}", "1:1 changing `Math`"],
    ["delete Array.prototype.at; function decode() {}", "1:8 changing `Array.prototype`"],
    ["[Math.x, ...Math.y] = []; function decode() {}", "1:2 changing `Math` (in 2 places)"],
    ["({ a: Math.x = 1 } = {}); function decode() {}", "1:7 changing `Math`"],
    ["for (Math.x in {}); function decode() {}", "1:6 changing `Math`"],
    ["[].__proto__.x = 1; function decode() {}", "1:1 changing `__proto__` of another object"],
    [
      "''.constructor.prototype.x = 1; function decode() {}",
      "1:1 changing `constructor` of another object.prototype",
    ],
    ["Object.getPrototypeOf([]).x = 1; function decode() {}", "1:1 changing the prototype of another object"],
    ["function decode(C) { C.prototype.x = 1 }", "1:22 changing the prototype of a function"],
    ["var p = cond ? Date : null; p.x = 1; function decode() {}", "1:29 changing `Date`"],
    ["var a = String, b; b = a; (c = b).x = 1; function decode() {}", "1:27 changing `String`"],
    ["implicit = Number; implicit.x = 1; function decode() {}", "1:20 changing `Number`"],
    ["for (const C of [Array, Map]) C.x = 1; function decode() {}", "1:31 changing `Array`"],
    ["function decode(x, M = Math) { M.x = 1 }", "1:24 handing on `Math`"],
    [
      "Object.defineProperty(String.prototype, 'x', {}); function decode() {}",
      "1:1 changing `String.prototype`",
    ],
    ["Object.assign(Math, {}); function decode() {}", "1:1 changing `Math`"],
    ["Object.setPrototypeOf(Array.prototype, null); function decode() {}", "1:1 changing `Array.prototype`"],
    ["Reflect.set(JSON, 'x', 1); function decode() {}", "1:1 changing `JSON`"],
    ["Array.prototype.__defineGetter__('x', f); function decode() {}", "1:1 changing `Array.prototype`"],
    [
      "extend(String.prototype, {}); function extend() {} function decode() {}",
      "1:8 handing on `String.prototype`",
    ],
    ["var m = Math; function decode() {}", "1:9 handing on `Math`"],
    ["var o = {}; o.hasOwnProperty = 1; function decode() {}", "1:13 assigning a property `hasOwnProperty`"],
  ])("%j", async (text, start) => {
    const prepared = await prepareText(text);
    expect(await realmOf(text)).toBe("fresh");
    expect(linesOf(prepared)[0]?.startsWith(`FRESH_REALM ${start} gives each event a fresh realm`)).toBe(
      true,
    );
  });

  test("and each cause is one hint, at its first place, that says what would make it fast", async () => {
    const text = "function decode() {\n  this.a = 1;\n  this.b = 2;\n}\nArray.prototype.x = 1;\n";
    const prepared = await prepareText(text);
    expect(prepared.findings).toEqual([
      {
        severity: "hint",
        code: "FRESH_REALM",
        message:
          "`this` (in 2 places) gives each event a fresh realm, at about 0.5 ms; pass the value as a parameter to share a sealed one",
        stage: "decode",
        file: "decode.js",
        line: 2,
        column: 3,
      },
      {
        severity: "hint",
        code: "FRESH_REALM",
        message:
          "changing `Array.prototype` gives each event a fresh realm, at about 0.5 ms; write a function of your own to share a sealed one",
        stage: "decode",
        file: "decode.js",
        line: 5,
        column: 1,
      },
    ]);
  });

  test("with the author's place in TypeScript", async () => {
    const text =
      "type A = number;\ntype B = A;\nexport function decode(p: B) {\n  return this as unknown;\n}\n";
    const [line] = linesOf(await prepareText(text, { file: "decode.ts" }));
    expect(line).toMatch(/^FRESH_REALM 4:10 `this`/);
  });

  test("where one file of three needs it", async () => {
    const prepared = await prepareTemplate({
      ...definitionOf(""),
      files: [
        { file: "decode.js", text: "function decode() {}", stages: ["decode"] },
        { file: "validate.js", text: "function validate() { return this }", stages: ["validate"] },
      ],
    });
    expect(prepared).toMatchObject({ kind: "runnable", runnable: { realm: "fresh" } });
  });
});

test("a source of many assignments is looked through in a time that grows with its size", async () => {
  const names = Array.from({ length: 400 }, (_, index) => `v${index}`);
  const all = names.flatMap((name) => names.slice(0, 40).map((other) => `${name} = ${other};`));
  const text = `var ${names.join(", ")};\n${all.join("\n")}\n${names.map((name) => `${name}.x = 1;`).join("\n")}\nfunction decode() {}`;
  const startMs = performance.now();
  expect(await realmOf(text)).toBe("sealed");
  expect(performance.now() - startMs).toBeLessThan(5000);
});
