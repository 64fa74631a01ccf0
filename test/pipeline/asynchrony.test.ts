import { describe, expect, test } from "vitest";
import { anyOf, choosing, showing, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

describe("a promise or a thenable is `runtime`/`ASYNC_RESULT`", () => {
  const thenables = [
    "{ then() {} }",
    "Object.create({ then() {} })",
    "new (class Later { then() {} })()",
    "{ get then() { return () => {} } }",
    "Object.assign(() => 1, { then() {} })",
    "new Proxy({}, { get: () => () => {} })",
  ];

  test.each(["decode", "validate", "transform"])("from %s", async (stage) => {
    const file = `function ${stage}(v, metadata) { return ${anyOf(thenables)} }`;
    for (const thenable of thenables) {
      const template = { transform: showing, [stage]: file };
      expect(await engine.rejection(template, choosing(thenable))).toMatchObject({
        stage,
        type: "runtime",
        code: "ASYNC_RESULT",
      });
    }
  });

  test.each([
    ["decodeUplink", "function decodeUplink() { return { then() {} } }"],
    ["the data of decodeUplink", "function decodeUplink() { return { data: { then() {} } } }"],
    ["Decoder", "function Decoder() { return { then() {} } }"],
    ["Decode", "function Decode() { return { then() {} } }"],
    [
      "normalizeUplink",
      "function decodeUplink() { return {} }\nfunction normalizeUplink() { return { then() {} } }",
    ],
    [
      "the data of normalizeUplink",
      "function decodeUplink() { return {} }\nfunction normalizeUplink() { return { data: { then() {} } } }",
    ],
  ])("from %s", async (_entry, decode) => {
    expect(await engine.rejection({ decode, transform: showing }, { payloadHex: "00" })).toMatchObject({
      stage: "decode",
      type: "runtime",
      code: "ASYNC_RESULT",
    });
  });

  test("and a `then` that nobody can call is none", async () => {
    const decode = "function decode() { return { then: 5 } }";
    expect(await engine.shown({ decode })).toHaveProperty("then", 5);
  });
});

describe("asynchronous source is `syntax`/`ASYNC_SOURCE`:", () => {
  test.each([
    ["async function", "async function decode(p) { return p }", 1, 1],
    ["async arrow", "const decode =\n  async (p) => p;", 2, 3],
    ["async method", "const o = {\n  async m() {} };\nfunction decode() {}", 2, 3],
    ["await", "function decode() {}\nawait 1;", 2, 1],
    ["for await", "function decode() {}\nfor await (const a of []) {}", 2, 1],
    ["import()", "function decode() {\n  return import('x') }", 2, 10],
  ])("%s", async (_what, decode, line, column) => {
    expect(await engine.rejection({ decode })).toMatchObject({
      stage: "decode",
      type: "syntax",
      code: "ASYNC_SOURCE",
      location: { file: "decode.js", line, column },
    });
  });

  test("in a template.ts, at the author's place", async () => {
    const source = "type A = 1;\nexport function transform() {\n  return async (): Promise<A> => 1;\n}";
    expect(await engine.rejection({ source })).toMatchObject({
      code: "ASYNC_SOURCE",
      location: { file: "template.ts", line: 3, column: 10 },
    });
  });
});
