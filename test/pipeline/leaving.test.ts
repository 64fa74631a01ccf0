import { describe, expect, test } from "vitest";
import { anyOf, choosing, gives, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

/** A template whose transform returns what the expression over its input `v` says. */
function returning(expression: string): { readonly transform: string } {
  return { transform: gives(expression) };
}

describe("what leaves is what `JSON.stringify` gives:", () => {
  test("a Date as text, a `toJSON` asked, what JSON lacks left out", async () => {
    const data =
      "{ at: new Date(0), deep: { toJSON: (key) => 'json of ' + key }, gone: undefined, list: [undefined, () => 1, 2], f() {}, [Symbol('s')]: 1, zero: -0 }";
    expect((await engine.event(returning(`{ eventType: 'x', data: ${data} }`))).data).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      deep: "json of deep",
      list: [null, null, 2],
      zero: 0,
    });
  });

  test("data with a `toJSON` of its own is what that gives", async () => {
    const data = "{ secret: 1, toJSON() { return { shown: 2 } } }";
    expect((await engine.event(returning(`{ eventType: 'x', data: ${data} }`))).data).toEqual({ shown: 2 });
  });

  test("text keeps every character, and half of a surrogate pair is escaped", async () => {
    const data = "{ text: 'é😀\\u2028\\u0000\"\\\\', half: '\\ud83d' }";
    expect((await engine.event(returning(`{ eventType: 'x', data: ${data} }`))).data).toEqual({
      text: 'é😀\u2028\0"\\',
      half: "\ud83d",
    });
  });

  const lost = ["NaN", "Infinity", "-Infinity"];

  test.each(lost)("%s becomes null, with a warning", async (number) => {
    const template = returning(`{ eventType: 'x', data: { list: [{ t: ${anyOf(lost)} }], ok: 1 } }`);
    const event = await engine.event(template, choosing(number));
    expect(event.data).toEqual({ list: [{ t: null }], ok: 1 });
    expect(event.warnings).toEqual([`data: t was ${number} and became null`]);
  });

  test("null that was null is no warning", async () => {
    const event = await engine.event(returning("{ eventType: 'x', data: { a: null, b: 'null' } }"));
    expect(event).not.toHaveProperty("warnings");
  });

  test("numbers that become null in metadata are a warning too", async () => {
    const event = await engine.event(returning("{ eventType: 'x', data: { v }, metadata: { q: NaN } }"));
    expect(event).toMatchObject({ metadata: { q: null }, warnings: ["metadata: q was NaN and became null"] });
  });

  test("the warning stands in that event of an array that had the number", async () => {
    const template = returning(
      "[{ eventType: 'x', data: { v } }, { eventType: 'x', data: { t: NaN } }, { eventType: 'x', data: { v } }]",
    );
    const { events } = await engine.one(template);
    expect(events?.map(({ warnings }) => warnings)).toEqual([
      undefined,
      ["data: t was NaN and became null"],
      undefined,
    ]);
  });

  test("very many such numbers do not make the event too large for its limit", async () => {
    const template = returning("{ eventType: 'x', data: { list: new Array(50000).fill(NaN) } }");
    const event = await engine.event({ ...template, limits: { outputBytes: 300_000 } });
    expect(event.warnings?.length).toBeLessThan(30);
    expect(event.warnings?.at(-1)).toBe("data: 49985 more numbers became null");
  });

  const unwritable = [
    ["a BigInt", "{ n: 1n }"],
    ["a cycle", "(() => { const a = {}; a.a = a; return a })()"],
    ["a `toJSON` that throws", "{ a: { toJSON() { throw new Error('no') } } }"],
    ["a getter that throws", "{ get a() { throw new Error('no') } }"],
  ] as const;

  test.each(unwritable)("%s is `output`", async (_what, data) => {
    const any = anyOf(unwritable.map((row) => row[1]));
    for (const result of [
      `{ eventType: 'x', data: ${any} }`,
      `[{ eventType: 'x', data: ${any} }]`,
      `{ eventType: 'x', data: { v }, metadata: ${any} }`,
    ]) {
      const expected = { stage: "output", type: "output", code: "NOT_SERIALIZABLE" };
      expect(await engine.rejection(returning(result), choosing(data))).toMatchObject(expected);
    }
  });

  test("a BigInt that the script gives a `toJSON` leaves as that says", async () => {
    const decode =
      "BigInt.prototype.toJSON = function () { return String(this) };\nfunction decode(p) { return p }";
    const event = await engine.event({ decode, ...returning("{ eventType: 'x', data: { n: 12n } }") });
    expect(event.data).toEqual({ n: "12" });
  });

  test("a `toJSON` on a built-in's prototype cannot alter the envelope", async () => {
    const forge =
      "function decode(p) { for (const P of [Object, Array, String, Number, Boolean]) P.prototype.toJSON = function () { return { eventId: 'forged', orgId: 'forged' } }; return p }";
    const [one, several] = await engine.run(
      {
        decode: forge,
        ...returning("v === 1 ? { eventType: 'x', data: { v } } : [{ eventType: 'x', data: { v } }]"),
      },
      [{ payload: 1 }, { payload: 2 }],
    );
    const forged = { eventId: "forged", orgId: "forged" };
    expect(one?.event).toMatchObject({ eventId: "line-1", orgId: "acme", data: forged });
    expect(several?.events).toMatchObject([{ eventId: "line-2.0", orgId: "acme", data: forged }]);
  });

  test("nor the warnings, nor the console lines", async () => {
    const forge =
      "function decode(p) { Object.prototype.toJSON = Array.prototype.toJSON = () => 'forged'; console.log('said'); return p }";
    const template = {
      decode: forge,
      ...returning("{ eventType: 'x', data: { v, n: NaN, toJSON: undefined } }"),
    };
    const outcome = await engine.one(template, { assetId: "debugged", payload: 1 });
    expect(outcome.event?.warnings).toEqual(["data: n was NaN and became null"]);
    expect(outcome.console).toEqual([{ stage: "decode", level: "log", text: "said" }]);
  });

  test("data and metadata nested deeper than 64 levels are `output`/`TOO_DEEP`", async () => {
    const nested = (levels: number): string =>
      `${'{"a":'.repeat(levels - 1)}{"a":1}${"}".repeat(levels - 1)}`;
    const template = returning("{ eventType: 'x', data: v }");
    const [good, deep] = await engine.run(template, [
      { payload: JSON.parse(nested(64)) as unknown },
      { payload: JSON.parse(nested(65)) as unknown },
    ]);
    expect(good?.outcome).toBe("standard");
    expect(deep?.rejection).toMatchObject({ stage: "output", type: "output", code: "TOO_DEEP" });
  });
});
