import { describe, expect, test } from "vitest";
import { anyOf, choosing, gives, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

/** A template whose transform returns what the expression over its input `v` says. */
function returning(expression: string): { readonly transform: string } {
  return { transform: gives(expression) };
}

describe("transform returns `{eventType, data, metadata?, created?}`:", () => {
  test("all four leave", async () => {
    const event = await engine.event(
      returning("{ eventType: 'climate', data: { t: 21.5 }, metadata: { unit: 'C' }, created: 0 }"),
    );
    expect(event).toMatchObject({
      eventType: "climate",
      data: { t: 21.5 },
      metadata: { unit: "C" },
      created: "1970-01-01T00:00:00.000Z",
    });
  });

  test("metadata and created may be left out, or undefined", async () => {
    const event = await engine.event(
      returning("{ eventType: 'x', data: { v }, metadata: undefined, created: undefined }"),
    );
    expect(event).not.toHaveProperty("metadata");
  });

  test("inherited ones count, and getters are asked", async () => {
    const template = returning("new (class Event { eventType = 'x'; get data() { return { v } } })()");
    expect(await engine.event(template)).toMatchObject({ eventType: "x", data: { v: 1 } });
  });

  const badData = [
    ["missing", "{ eventType: 'x' }"],
    ["empty", "{ eventType: 'x', data: {} }"],
    ["null", "{ eventType: 'x', data: null }"],
    ["an array", "{ eventType: 'x', data: [1] }"],
    ["a string", "{ eventType: 'x', data: 'a' }"],
    ["empty once it is JSON", "{ eventType: 'x', data: { a: undefined, b() {} } }"],
    ["a Date", "{ eventType: 'x', data: new Date(0) }"],
    ["a Map", "{ eventType: 'x', data: new Map([[1, 2]]) }"],
    ["a function", "{ eventType: 'x', data: () => 1 }"],
  ] as const;

  test.each(badData)(
    "`data` that is no non-empty object is `output`/`BAD_DATA`: %s",
    async (_what, expression) => {
      const any = anyOf(badData.map((row) => row[1]));
      const expected = { stage: "output", type: "output", code: "BAD_DATA" };
      expect(await engine.rejection(returning(any), choosing(expression))).toMatchObject(expected);
      expect(await engine.rejection(returning(`[${any}]`), choosing(expression))).toMatchObject(expected);
    },
  );

  const badTypes = ["undefined", "null", "''", "5", "{}", "'a\\nb'", "'x'.repeat(257)", "Symbol()"];

  test.each(badTypes)(
    "`eventType` that is no plain text of 1 to 256 characters is `output`/`BAD_EVENT_TYPE`: %s",
    async (eventType) => {
      const expected = { stage: "output", type: "output", code: "BAD_EVENT_TYPE" };
      const event = `{ eventType: ${anyOf(badTypes)}, data: { v } }`;
      expect(await engine.rejection(returning(event), choosing(eventType))).toMatchObject(expected);
      expect(await engine.rejection(returning(`[${event}]`), choosing(eventType))).toMatchObject(expected);
    },
  );

  const badMetadata = ["null", "[1]", "'a'", "5", "true"];

  test.each(badMetadata)("`metadata` that is no object is `output`/`BAD_METADATA`: %s", async (metadata) => {
    const template = returning(`{ eventType: 'x', data: { v }, metadata: ${anyOf(badMetadata)} }`);
    expect(await engine.rejection(template, choosing(metadata))).toMatchObject({
      stage: "output",
      type: "output",
      code: "BAD_METADATA",
    });
  });

  const primitives = ["undefined", "null", "true", "'x'", "5", "1n", "Symbol()", "() => 1"];

  test.each(primitives)(
    "anything that is neither an object nor an array is `output`/`TRANSFORM_RESULT`: %s",
    async (expression) => {
      const expected = { stage: "output", type: "output", code: "TRANSFORM_RESULT" };
      const line = choosing(expression);
      expect(await engine.rejection(returning(anyOf(primitives)), line)).toMatchObject(expected);
      const second = returning(`[{ eventType: 'x', data: { v } }, ${anyOf(primitives)}]`);
      expect(await engine.rejection(second, line)).toMatchObject({
        ...expected,
        message: expect.stringContaining("event 1") as string,
      });
    },
  );
});

describe("other keys are dropped", () => {
  const template = returning("{ eventType: 'x', data: { v }, unit: 'C', eventId: 'mine' }");

  test("from the event", async () => {
    const event = await engine.event(template);
    expect(event).not.toHaveProperty("unit");
    expect(event).not.toHaveProperty("warnings");
    expect(event.eventId).toBe("line-1");
  });

  test("with a warning in debug", async () => {
    const outcome = await engine.one(template, { assetId: "debugged", payload: 1 });
    expect(outcome.console).toEqual([
      { stage: "output", level: "warn", text: "keys of the result that do not leave: unit, eventId" },
    ]);
  });

  test("with a warning in debug for each event of an array", async () => {
    const several = returning(
      "[{ eventType: 'x', data: { v } }, { eventType: 'x', data: { v }, unit: 1 }, { eventType: 'x', data: { v }, a: 1, b: 2 }]",
    );
    const outcome = await engine.one(several, { assetId: "debugged", payload: 1 });
    expect(outcome.console?.map(({ text }) => text)).toEqual([
      "event 1: keys of the result that do not leave: unit",
      "event 2: keys of the result that do not leave: a, b",
    ]);
  });

  test("with a warning that runs no code of the script's: debug changes no outcome", async () => {
    const proxied = returning(
      "new Proxy({ eventType: 'x', data: { v } }, { ownKeys() { throw new Error('asked') } })",
    );
    const counted = returning(
      "(() => { let asked = 0; return [new Proxy({ eventType: 'x', data: { get n() { return asked } } }, { ownKeys: (target) => { asked += 1; return Reflect.ownKeys(target) } })] })()",
    );
    for (const assetId of ["a1", "debugged"]) {
      expect((await engine.event(proxied, { assetId, payload: 1 })).data).toEqual({ v: 1 });
      const { events } = await engine.one(counted, { assetId, payload: 1 });
      expect(events?.[0]?.data).toEqual({ n: 0 });
    }
  });

  test("without a word where debug is off, or where there are none", async () => {
    expect(await engine.one(template)).not.toHaveProperty("console");
    const good = returning("{ eventType: 'x', data: { v }, metadata: {}, created: 0 }");
    expect(await engine.one(good, { assetId: "debugged", payload: 1 })).not.toHaveProperty("console");
  });
});

describe("transform may return an array", () => {
  const many = returning("Array.from({ length: v }, (_, i) => ({ eventType: 'x', data: { i } }))");

  test("of up to 100: each becomes a standard event with id `{eventId}.{index}`", async () => {
    const [one, hundred] = await engine.run(many, [{ payload: 1, eventId: "e" }, { payload: 100 }]);
    expect(one?.events?.map(({ eventId }) => eventId)).toEqual(["e.0"]);
    expect(hundred?.events?.map(({ eventId, data }) => [eventId, data["i"]])).toEqual(
      Array.from({ length: 100 }, (_, i) => [`line-2.${i}`, i]),
    );
  });

  test("of 101 is `output`/`TOO_MANY_EVENTS`", async () => {
    expect(await engine.rejection(many, { payload: 101 })).toMatchObject({
      stage: "output",
      type: "output",
      code: "TOO_MANY_EVENTS",
    });
  });

  test("of which all leave or none: one bad event costs the others", async () => {
    const template = returning("[{ eventType: 'x', data: { v } }, { eventType: 'x', data: {} }]");
    const outcome = await engine.one(template);
    expect(outcome).not.toHaveProperty("events");
    expect(outcome.rejection).toMatchObject({ code: "BAD_DATA", message: "event 1: `data` is empty" });
  });

  test("in an array with holes is refused", async () => {
    expect(await engine.rejection(returning("[, { eventType: 'x', data: { v } }]"))).toMatchObject({
      code: "TRANSFORM_RESULT",
    });
  });

  test("whose events each have a `created`, `metadata` and EVA values of their own", async () => {
    const template = {
      ...returning(
        "[{ eventType: 'a', data: { t: 1 }, created: 1 }, { eventType: 'b', data: { t: 2 }, metadata: { m: 1 } }]",
      ),
      eva: [{ name: "t", type: "number", path: "$.data.t" }],
    };
    const { events } = await engine.one(template);
    expect(events).toMatchObject([
      { eventType: "a", created: "1970-01-01T00:00:00.001Z", eva: { number: { t: 1 } } },
      { eventType: "b", metadata: { m: 1 }, eva: { number: { t: 2 } } },
    ]);
    expect(events?.[0]).not.toHaveProperty("metadata");
  });

  test("that is empty, for an event of no interest: outcome `filtered`, and nothing else is written", async () => {
    const outcome = await engine.one(returning("[]"), { payload: 1, eventId: "dull" });
    expect(outcome.text).toBe('{"outcome":"filtered","eventId":"dull"}\n');
  });
});
