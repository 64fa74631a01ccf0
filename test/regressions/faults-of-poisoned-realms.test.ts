import { describe, expect, test } from "vitest";
import { smallEngine } from "../pipeline/small-engine.ts";

const engine = smallEngine();

// The engine asked its own values `"code" in value`, and a script could answer.
test("what a script puts on Object.prototype is not taken for a fault of the engine's own", async () => {
  const transform = `function transform(v) {
    Object.prototype.code = "UNCAUGHT";
    Object.prototype.message = "forged";
    Object.prototype.file = "/etc/passwd";
    return { eventType: "seen", data: { v } };
  }`;
  expect(await engine.shown({ transform })).toBe(1);
});

// The engine asked `thrown instanceof RangeError` outside of every `try`; the event then counted as one that breaks
// executors, and was rejected as `internal`.
describe("a thrown value that throws when it is asked what it is, is rejected as any other:", () => {
  const refuse = '{ throw new Error("from the trap"); }';
  test.each([
    ["a proxy", `throw new Proxy(new RangeError("x"), { getPrototypeOf() ${refuse} });`],
    [
      "an error under a changed instanceof",
      `Object.defineProperty(RangeError, Symbol.hasInstance, { value() ${refuse} }); throw new Error("x");`,
    ],
  ])("%s", async (_what, body) => {
    expect(await engine.rejection({ transform: `function transform() { ${body} }` })).toMatchObject({
      stage: "transform",
      type: "runtime",
      code: "UNCAUGHT",
    });
  });
});

// Debug looked for dropped keys through a descriptor that inherited a getter of the author's.
test("an inherited `value` is not run where debug looks at a result, and changes no outcome", async () => {
  const transform = `function transform() {
    const results = [];
    const get = () => ({ eventType: "seen", data: { v: 1 } });
    Object.defineProperty(results, 0, { get, enumerable: true });
    const getter = { __proto__: null, get() { throw new Error("from the descriptor"); } };
    Object.defineProperty(Object.prototype, "value", getter);
    return results;
  }`;
  for (const assetId of ["a1", "debugged"])
    expect(await engine.one({ transform }, { assetId, payload: 1 })).toMatchObject({ outcome: "standard" });
});
