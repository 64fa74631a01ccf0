import { describe, expect, test } from "vitest";
import { anyOf, choosing, gives, now, shows, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

/** A transform whose `created` is what the expression says. */
function created(expression: string): { readonly transform: string } {
  return { transform: gives(`{ eventType: 'x', data: { v }, created: ${expression} }`) };
}

describe("time", () => {
  test("is the field of the line, in UTC, ISO 8601, ms", async () => {
    const template = { transform: shows("metadata.time") };
    const seen = async (time: string): Promise<unknown> => engine.shown(template, { payload: 1, time });
    expect(await seen("2025-03-01T01:30:00+02:00")).toBe("2025-02-28T23:30:00.000Z");
    expect(await seen("2025-03-01T08:15:00.1239Z")).toBe("2025-03-01T08:15:00.123Z");
  });

  test("is what `run` takes for now where the line has none", async () => {
    expect(await engine.shown({ transform: shows("metadata.time") })).toBe(now);
  });

  test.each(["noon", "2025-03-01", "2025-03-01T08:15:00", "1740816900000", "", 1740816900000, null])(
    "that cannot be read is `envelope`/`BAD_TIME`: %j",
    async (time) => {
      const rejection = await engine.rejection({}, { payload: 1, time });
      expect(rejection).toMatchObject({ stage: "intake", type: "envelope", code: "BAD_TIME", time: now });
    },
  );

  test("of a rejection is the event's, and `ingested` the record's timestamp", async () => {
    const time = "2025-02-28T22:00:00Z";
    const template = { decode: "function decode() { throw new Error('no') }" };
    const rejection = await engine.rejection(template, { payload: 1, time });
    expect(rejection).toMatchObject({ time: "2025-02-28T22:00:00.000Z", ingested: now });
  });
});

describe("created", () => {
  const accepted = [
    ["a Date", "new Date(Date.UTC(2025, 1, 3, 4, 5, 6, 7))", "2025-02-03T04:05:06.007Z"],
    ["epoch ms", "1738555506007", "2025-02-03T04:05:06.007Z"],
    ["epoch ms before 1970", "-1", "1969-12-31T23:59:59.999Z"],
    ["ISO 8601 with `Z`", "'2025-02-03T04:05:06Z'", "2025-02-03T04:05:06.000Z"],
    ["ISO 8601 with an offset", "'2025-02-03T04:05+05:30'", "2025-02-02T22:35:00.000Z"],
  ] as const;
  const acceptable = created(anyOf(accepted.map(([, expression]) => expression)));

  test.each(accepted)("is transform's value: %s", async (_kind, expression, expected) => {
    expect((await engine.event(acceptable, choosing(expression))).created).toBe(expected);
  });

  test("is transform's value in each event of an array", async () => {
    const values = ["new Date(0)", "1", "'1970-01-01T00:00:00.002Z'", "undefined"];
    const events = values.map((value) => `{ eventType: 'x', data: { v }, created: ${value} }`);
    const outcome = await engine.one({ transform: gives(`[${events.join()}]`) });
    expect(outcome.events?.map((event) => event.created)).toEqual([
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T00:00:00.001Z",
      "1970-01-01T00:00:00.002Z",
      now,
    ]);
  });

  const unfit = [
    "'yesterday'",
    "'2025-02-03'",
    "'2025-02-03T04:05:06'",
    "'2025-02-30T00:00:00Z'",
    "''",
    "null",
    "true",
    "{}",
    "[]",
    "NaN",
    "Infinity",
    "1e300",
    "new Date(NaN)",
    "new Date(8.64e15)",
    "Object.create(Date.prototype)",
    "5n",
    "Symbol('now')",
    "() => 5",
  ];
  const inObject = created(anyOf(unfit));
  const inArray = { transform: gives(`[{ eventType: 'x', data: { v }, created: ${anyOf(unfit)} }]`) };

  test.each(unfit)("that is anything else is `output`/`BAD_CREATED`: %s", async (expression) => {
    const expected = { stage: "output", type: "output", code: "BAD_CREATED" };
    expect(await engine.rejection(inObject, choosing(expression))).toMatchObject(expected);
    expect(await engine.rejection(inArray, choosing(expression))).toMatchObject(expected);
  });

  test("is `time` by default", async () => {
    const line = { payload: 1, time: "2025-02-28T22:00:00Z" };
    expect((await engine.event({ transform: shows("v") }, line)).created).toBe("2025-02-28T22:00:00.000Z");
    expect((await engine.event(created("undefined"), line)).created).toBe("2025-02-28T22:00:00.000Z");
  });
});

describe("ingested", () => {
  test("is the input record's timestamp, whatever the event's time and `created` are", async () => {
    const event = await engine.event(created("0"), { payload: 1, time: "2025-02-28T22:00:00Z" });
    expect(event.ingested).toBe(now);
  });
});

describe("no wall clock enters an output value:", () => {
  const readings = [
    "Date.now()",
    "new Date().getTime()",
    "Date.parse(Date())",
    "new Date.prototype.constructor().getTime()",
    "new (new Date(0).constructor)().getTime()",
    "Reflect.construct(Date, []).getTime()",
    "new (class extends Date {})().getTime()",
    "Date.parse(new Intl.DateTimeFormat('en-US', { dateStyle: 'short', timeStyle: 'long' }).format())",
    "typeof performance",
  ];

  test.each(readings)("%s is the event's time", async (reading) => {
    const line = { payload: 1, time: "2001-09-09T01:46:40Z", attributes: { chosen: reading } };
    const seen = await engine.shown({ transform: shows(anyOf(readings)) }, line);
    expect(seen).toBe(reading.startsWith("typeof") ? "undefined" : 1_000_000_000_000);
  });

  test("a script's clock stands still", async () => {
    const work =
      "function decode(p) { const at = Date.now(); for (let i = 0; i < 3e6; i++) p += i; return Date.now() - at }";
    expect(await engine.shown({ decode: work })).toBe(0);
  });
});
