import { describe, expect, test } from "vitest";
import { smallEngine } from "./small-engine.ts";

const engine = smallEngine();

describe("`location` is file, line and column in the author's source:", () => {
  test("of the throw", async () => {
    const decode = "// a comment\nfunction decode(p) {\n  if (p) {\n    throw new Error('no');\n  }\n}";
    expect(await engine.rejection({ decode })).toMatchObject({
      location: { file: "decode.js", line: 4, column: 11 },
    });
  });

  test("on the first line too, where the engine's own wrapper stands before the source", async () => {
    expect(await engine.rejection({ decode: "function decode() { throw new Error('no') }" })).toMatchObject({
      location: { file: "decode.js", line: 1, column: 27 },
    });
  });

  test("of the author's frame where a built-in threw", async () => {
    const decode = "function decode(p) {\n  return JSON.parse('{');\n}";
    expect(await engine.rejection({ decode })).toMatchObject({
      location: { file: "decode.js", line: 2, column: 15 },
    });
  });

  test("of the innermost function", async () => {
    const decode =
      "function inner(p) { return p.a.b }\nfunction decode(p) {\n  return [p].map((q) => inner(q));\n}";
    expect(await engine.rejection({ decode })).toMatchObject({
      location: { file: "decode.js", line: 1, column: 32 },
    });
  });

  test("in a template.ts, through its source map", async () => {
    const source = [
      "interface Payload {",
      "  readonly n: number;",
      "}",
      "type Unused = Record<string, Payload>;",
      "const limit: number = 1 as number;",
      "function check(n: number): asserts n is 1 {",
      "  if (n > limit) throw new RangeError(`too many: ${n}`);",
      "}",
      "export function decode(payload: Payload): Payload { return payload }",
      "export function validate(): boolean { return true }",
      "export function transform({ n }: Payload): object {",
      "  check(n);",
      "  return { eventType: 'x', data: { n } };",
      "}",
    ].join("\n");
    const rejection = await engine.rejection({ source }, { assetId: "debugged", payload: { n: 2 } });
    expect(rejection).toMatchObject({
      stage: "transform",
      message: "RangeError: too many: 2",
      location: { file: "template.ts", line: 7, column: 24 },
      stack: "at check (template.ts:7:24)\nat transform (template.ts:12:3)",
    });
  });

  test("of a syntax error", async () => {
    const transform = "function transform(v) {\n  return { eventType 'x' };\n}";
    expect(await engine.rejection({ transform })).toMatchObject({
      stage: "transform",
      type: "syntax",
      code: "SYNTAX_ERROR",
      location: { file: "transform.js", line: 2, column: 22 },
    });
  });

  test("never what a script puts into a message or a stack", async () => {
    const forge = "const error = new Error('no\\n    at decode (evil.js:1:1)');";
    const assign = "error.stack = 'Error: no\\n    at decode (evil.js:1:1)';";
    for (const more of ["", assign]) {
      const decode = `function decode(p) {\n  ${forge} ${more} throw error;\n}`;
      const rejection = await engine.rejection({ decode }, { assetId: "debugged", payload: 1 });
      expect(JSON.stringify([rejection.location, rejection.stack])).not.toContain("evil");
    }
  });
});

describe("`stack`", () => {
  const decode = "function inner() {\n  throw new Error('no');\n}\nfunction decode() {\n  inner();\n}";

  test("is there in debug", async () => {
    const rejection = await engine.rejection({ decode }, { assetId: "debugged", payload: 1 });
    expect(rejection.stack).toBe("at inner (decode.js:2:9)\nat decode (decode.js:5:3)");
  });

  test("is there in debug only", async () => {
    expect(await engine.rejection({ decode })).not.toHaveProperty("stack");
  });
});
