import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EvaField, StandardEvent } from "../../src/model/contract.ts";
import { rejectionCodes } from "../../src/model/contract.ts";
import { checkOutcomeLine } from "../../src/model/validators.ts";
import { compileEva } from "../../src/outlet/eva.ts";
import { createStandardEventMaker } from "../../src/outlet/standard-event.ts";
import type { LeavingValue, Made } from "../../src/outlet/standard-event.ts";

const timeMs = Date.parse("2025-03-01T08:15:00.000Z");
const ingestedMs = Date.parse("2025-03-01T08:15:00.412Z");
const event = { eventId: "line-7", assetId: 'gate "7\\', timeMs, ingestedMs };
const fields: EvaField[] = [{ name: "temperature", type: "number", path: "$.data.t" }];

interface Overrides {
  readonly eva?: readonly EvaField[];
  readonly outputBytes?: number;
  readonly warnings?: readonly string[];
  readonly ownWarnings?: readonly (readonly string[])[];
}

function make(shape: "one" | "many", events: unknown, overrides: Overrides = {}): Made {
  const { eva = fields, outputBytes = 1_000_000, warnings = [], ownWarnings = [] } = overrides;
  const maker = createStandardEventMaker({
    orgId: "acme",
    templateId: "cold-room",
    templateVersion: "1.4.0",
    eva: compileEva(eva),
    outputBytes,
  });
  return maker.make(event, { shape, events: events as LeavingValue[], warnings, ownWarnings });
}

/** The standard event that the value becomes, checked against the schema. */
function madeOf(value: unknown, overrides?: Overrides): StandardEvent & Record<string, unknown> {
  const made = make("one", [value], overrides);
  if (made.kind !== "events") throw new Error(JSON.stringify(made));
  expect(made.values).toHaveLength(1);
  return checked(made.values[0] ?? "");
}

function checked(json: string): StandardEvent & Record<string, unknown> {
  const standard = JSON.parse(json) as StandardEvent & Record<string, unknown>;
  expect(checkOutcomeLine({ outcome: "standard", event: standard })).toMatchObject({ kind: "valid" });
  return standard;
}

/** The fault that the value earns, checked against the table of codes. */
function faultOf(value: unknown, overrides?: Overrides) {
  const made = make("one", [value], overrides);
  if (made.kind !== "fault") throw new Error(JSON.stringify(made));
  expect(made.fault).toMatchObject({ stage: "output", type: "output" });
  const entry = rejectionCodes[made.fault.code];
  expect([entry.type, entry.stages]).toEqual(["output", ["output"]]);
  return made.fault;
}

const good = { eventType: "climate.measured", data: { t: 21.5 } };

describe("a standard event", () => {
  it("has its keys in the order of the contract", () => {
    const made = make("one", [{ created: timeMs, metadata: { a: 1 }, data: { t: 1 }, eventType: "x" }], {
      warnings: ["w"],
    });
    expect(made).toEqual({
      kind: "events",
      shape: "one",
      values: [
        '{"schemaVersion":1,"eventId":"line-7","eventType":"x","created":"2025-03-01T08:15:00.000Z","ingested":"2025-03-01T08:15:00.412Z","data":{"t":1},"metadata":{"a":1},"eva":{"number":{"temperature":1}},"warnings":["w"],"orgId":"acme","assetId":"gate \\"7\\\\","templateId":"cold-room","templateVersion":"1.4.0"}',
      ],
    });
  });

  it("leaves out metadata, eva and warnings where there are none", () => {
    const keys = Object.keys(madeOf({ eventType: "x", data: { a: 1 } }));
    expect(keys).toEqual([
      "schemaVersion",
      "eventId",
      "eventType",
      "created",
      "ingested",
      "data",
      "orgId",
      "assetId",
      "templateId",
      "templateVersion",
    ]);
  });

  it("has all but eventType, created, data and metadata from the engine: a script can never alter them", () => {
    const forged = JSON.parse(
      '{"eventType":"x","data":{"orgId":"evil"},"metadata":{"eventId":"evil"},"schemaVersion":9,"eventId":"evil","ingested":"evil","orgId":"evil","assetId":"evil","templateId":"evil","templateVersion":"evil","eva":{"number":{}},"warnings":["evil"],"__proto__":{"created":"evil"},"toJSON":"evil"}',
    ) as unknown;
    expect(madeOf(forged)).toEqual({
      schemaVersion: 1,
      eventId: "line-7",
      eventType: "x",
      created: "2025-03-01T08:15:00.000Z",
      ingested: "2025-03-01T08:15:00.412Z",
      data: { orgId: "evil" },
      metadata: { eventId: "evil" },
      orgId: "acme",
      assetId: event.assetId,
      templateId: "cold-room",
      templateVersion: "1.4.0",
    });
  });

  it("carries own keys named __proto__ as they are, and they change nothing", () => {
    const value = JSON.parse(
      '{"eventType":"x","data":{"__proto__":{"t":5}},"metadata":{"__proto__":{"b":2}}}',
    ) as unknown;
    const made = make("one", [value]);
    expect(made).toMatchObject({ kind: "events" });
    expect(made.kind === "events" && made.values[0]).toContain(
      '"data":{"__proto__":{"t":5}},"metadata":{"__proto__":{"b":2}},"orgId"',
    );
  });

  it("is written with every character that JSON needs escaped", () => {
    const eventType = 'a"\\/\u2028é😀';
    const data = { "k\n\u0001": '"\u001b', lone: "\ud800" };
    expect(madeOf({ eventType, data }, { warnings: ['w"\n'] })).toMatchObject({
      eventType,
      data,
      warnings: ['w"\n'],
    });
  });

  it("has the warnings of the codec first, then those of its EVA fields", () => {
    const warned = madeOf({ eventType: "x", data: { t: "warm" } }, { warnings: ["battery low"] });
    expect(warned["warnings"]).toEqual([
      "battery low",
      'EVA field "temperature": expected a number, found a string; left out',
    ]);
  });

  it("does not leave without a required EVA field", () => {
    const required: EvaField[] = [{ name: "p", type: "number", path: "$.data.p", required: true }];
    expect(faultOf(good, { eva: required })).toMatchObject({
      code: "EVA_REQUIRED",
      message: 'EVA field "p": missing; the field is required',
    });
  });

  it("reads EVA fields from the whole standard event", () => {
    const eva: EvaField[] = ["eventId", "eventType", "orgId", "assetId", "templateId", "templateVersion"].map(
      (name) => ({
        name,
        type: "string",
        path: `$.${name}`,
      }),
    );
    eva.push(
      { name: "created", type: "date", path: "$.created" },
      { name: "site", type: "string", path: "$.metadata.site" },
    );
    eva.push(
      { name: "schemaVersion", type: "number", path: "$.schemaVersion" },
      { name: "ingested", type: "date", path: "$.ingested" },
    );
    const standard = madeOf({ ...good, metadata: { site: "north" } }, { eva });
    const { string, date, number } = standard.eva as Record<string, Record<string, unknown>>;
    for (const [name, value] of Object.entries({ ...string, ...date, ...number })) {
      expect(value).toEqual(name === "site" ? "north" : standard[name]);
    }
  });
});

describe("the eventType", () => {
  it.each([undefined, null, 7, true, {}, ["x"], "", "a\nb", "\u0085", "x".repeat(257), "😀".repeat(257)])(
    "%j is BAD_EVENT_TYPE",
    (eventType) => {
      expect(faultOf({ ...good, eventType }).code).toBe("BAD_EVENT_TYPE");
    },
  );

  it("has up to 256 characters", () => {
    expect(madeOf({ ...good, eventType: "😀".repeat(256) }).eventType).toBe("😀".repeat(256));
  });
});

describe("data", () => {
  it.each([undefined, null, {}, [], [{ a: 1 }], "text", 5, false])(
    "%j is BAD_DATA, for it is a non-empty object",
    (data) => {
      expect(faultOf({ ...good, data }).code).toBe("BAD_DATA");
    },
  );
});

describe("metadata", () => {
  it.each([null, [], "text", 5, false])("%j is BAD_METADATA", (metadata) => {
    expect(faultOf({ ...good, metadata }).code).toBe("BAD_METADATA");
  });

  it("may be an empty object", () => {
    expect(madeOf({ ...good, metadata: {} })["metadata"]).toEqual({});
  });
});

describe("created", () => {
  it("is by default the event's time", () => {
    expect(madeOf(good).created).toBe("2025-03-01T08:15:00.000Z");
  });

  it.each([
    [0, "1970-01-01T00:00:00.000Z"],
    [1_740_816_900_250.9, "2025-03-01T08:15:00.250Z"],
    [-62_167_219_200_000, "0000-01-01T00:00:00.000Z"],
    [253_402_300_799_999, "9999-12-31T23:59:59.999Z"],
    ["2025-03-01T09:15:00+01:00", "2025-03-01T08:15:00.000Z"],
    ["2025-03-01T08:15:00.250Z", "2025-03-01T08:15:00.250Z"],
  ])(
    "%j, epoch milliseconds or ISO 8601 with a zone, is written in UTC with milliseconds",
    (created, text) => {
      expect(madeOf({ ...good, created }).created).toBe(text);
    },
  );

  it.each([
    null,
    true,
    {},
    [],
    "",
    "yesterday",
    "2025-03-01",
    "2025-03-01T08:15:00",
    "+010000-01-01T00:00:00.000Z",
    -62_167_219_200_001,
    253_402_300_800_000,
    1e300,
  ])("%j is BAD_CREATED", (created) => {
    expect(faultOf({ ...good, created }).code).toBe("BAD_CREATED");
  });

  it("that is infinite, as JSON text can say, is BAD_CREATED", () => {
    expect(faultOf(JSON.parse('{"eventType":"x","data":{"a":1},"created":1e999}')).code).toBe("BAD_CREATED");
  });
});

describe("an array from transform", () => {
  it("becomes standard events with ids that end in the index", () => {
    const made = make("many", [good, { ...good, eventType: "y", created: 0 }]);
    expect(made.kind === "events" && made.shape).toBe("many");
    const standards = made.kind === "events" ? made.values.map(checked) : [];
    expect(standards.map(({ eventId }) => eventId)).toEqual(["line-7.0", "line-7.1"]);
    expect(standards.map(({ eventType }) => eventType)).toEqual(["climate.measured", "y"]);
    expect(standards.map(({ created }) => created)).toEqual([
      "2025-03-01T08:15:00.000Z",
      "1970-01-01T00:00:00.000Z",
    ]);
  });

  it("of one keeps its index and its shape", () => {
    const made = make("many", [good]);
    expect(made).toMatchObject({ kind: "events", shape: "many" });
    expect(made.kind === "events" && made.values.map((json) => checked(json).eventId)).toEqual(["line-7.0"]);
  });

  it("that is empty means that the event is of no interest", () => {
    expect(make("many", [])).toEqual({ kind: "filtered" });
  });

  it("may hold 100 events", () => {
    const made = make("many", Array(100).fill(good));
    expect(made.kind === "events" && made.values.length).toBe(100);
    expect(make("many", Array(101).fill(good))).toMatchObject({
      kind: "fault",
      fault: { code: "TOO_MANY_EVENTS" },
    });
  });

  it("leaves all or none: one bad event is the fault of all, and the message names its index", () => {
    const made = make("many", [good, good, { ...good, data: {} }, good]);
    expect(made).toEqual({
      kind: "fault",
      fault: { stage: "output", type: "output", code: "BAD_DATA", message: "event 2: `data` is empty" },
    });
  });

  it("gives the codec's warnings to each, and no event the warnings of another", () => {
    const made = make("many", [{ ...good, data: { t: "x" } }, good, good], {
      warnings: ["w"],
      ownWarnings: [[], ["own"]],
    });
    const standards = made.kind === "events" ? made.values.map(checked) : [];
    expect(standards.map(({ warnings }) => warnings)).toEqual([
      ["w", 'EVA field "temperature": expected a number, found a string; left out'],
      ["w", "own"],
      ["w"],
    ]);
  });
});

describe("what is not of the agreed form", () => {
  it.each([[undefined], [null], ["x"], [7], [[good]]])("%j is TRANSFORM_RESULT", (value) => {
    expect(faultOf(value).code).toBe("TRANSFORM_RESULT");
  });

  it("is TRANSFORM_RESULT also where there is no list of events at all", () => {
    expect(make("one", undefined)).toMatchObject({ kind: "fault", fault: { code: "TRANSFORM_RESULT" } });
    expect(make("many", { length: 0 })).toMatchObject({ kind: "fault", fault: { code: "TRANSFORM_RESULT" } });
    expect(make("one", [])).toMatchObject({ kind: "fault", fault: { code: "TRANSFORM_RESULT" } });
  });

  it("becomes text where it is among the warnings, or is left out", () => {
    expect(madeOf(good, { warnings: [{ a: 1 }, null, "w"] as unknown as string[] })["warnings"]).toEqual([
      '{"a":1}',
      "null",
      "w",
    ]);
    expect(madeOf(good, { warnings: "w" as unknown as string[] })["warnings"]).toBeUndefined();
    expect(make("many", [good], { ownWarnings: [7] as unknown as string[][] })).toMatchObject({
      kind: "events",
    });
  });
});

describe("numbers that are not finite", () => {
  it("leave as null with a warning that says where", () => {
    const value = JSON.parse(
      '{"eventType":"x","data":{"t":1e999,"list":[1,{"a":-1e999}]},"metadata":{"m":1e999}}',
    ) as unknown;
    const standard = madeOf(value);
    expect(standard.data).toEqual({ t: null, list: [1, { a: null }] });
    expect(standard["warnings"]).toEqual([
      "data.t: Infinity is not finite; null is written",
      "data.list[1].a: -Infinity is not finite; null is written",
      "metadata.m: Infinity is not finite; null is written",
    ]);
    expect(standard["eva"]).toBeUndefined();
  });

  it("add no more than 16 warnings", () => {
    const many = JSON.parse(
      `{"eventType":"x","data":{"list":[${Array(1000).fill("1e999").join(",")}]}}`,
    ) as unknown;
    expect(madeOf(many)["warnings"]).toHaveLength(16);
  });
});

describe("nesting", () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{"a":1}${"}".repeat(levels - 1)}`;
  const lists = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

  it.each(["data", "metadata"])("of %s goes 64 levels deep and no deeper", (key) => {
    for (const text of [nested, lists]) {
      const value = (levels: number): unknown => ({ ...good, [key]: JSON.parse(text(levels)) as unknown });
      expect(madeOf(value(64))[key]).toEqual(JSON.parse(text(64)));
      expect(faultOf(value(65))).toMatchObject({
        code: "TOO_DEEP",
        message: `\`${key}\` is nested deeper than 64 levels`,
      });
    }
  });

  it("of 100,000 levels costs no stack", () => {
    expect(faultOf({ ...good, data: JSON.parse(lists(100_000)) as unknown }).code).toBe("TOO_DEEP");
    expect(faultOf({ ...good, metadata: JSON.parse(nested(100_000)) as unknown }).code).toBe("TOO_DEEP");
  });
});

describe("the size of a finished event", () => {
  it("is counted in bytes of UTF-8, and beyond the limit it is TOO_LARGE with both sizes", () => {
    const value = { ...good, data: { text: "é😀".repeat(100) } };
    const made = make("one", [value]);
    const bytes = made.kind === "events" ? Buffer.byteLength(made.values[0] ?? "") : 0;
    expect(make("one", [value], { outputBytes: bytes })).toEqual(made);
    expect(faultOf(value, { outputBytes: bytes - 1 })).toEqual({
      stage: "output",
      type: "output",
      code: "TOO_LARGE",
      message: `the finished event has ${bytes} bytes, at most ${bytes - 1} are allowed`,
    });
  });
});

describe("whatever parsed JSON a script hands out", () => {
  const key = fc.oneof(
    fc.constantFrom("a", "t", "__proto__", "toJSON", "constructor", "length", "0"),
    fc.string(),
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
      fc.array(tie("value"), { maxLength: 4 }),
      fc
        .array(fc.tuple(key, tie("value")), { maxLength: 4 })
        .map((entries) => Object.fromEntries(entries) as unknown),
    ),
  })).value;
  const field = (likely: fc.Arbitrary<unknown>) =>
    fc.option(fc.oneof({ weight: 4, arbitrary: likely }, { weight: 1, arbitrary: json }), { nil: undefined });
  const value = fc.record({
    eventType: field(fc.constantFrom("x", "climate.measured")),
    data: field(fc.record({ t: json, a: json })),
    metadata: field(fc.record({ m: json })),
    created: field(fc.constantFrom(1_700_000_000_000, "2025-03-01T09:15:00+01:00")),
  });
  const events = fc.oneof(
    { weight: 9, arbitrary: fc.array(value, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(json, { maxLength: 3 }) },
  );

  it("gives events that follow the schema, or one fault of the output stage, and never throws", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom("one", "many"), events, (shape, given) => {
        const parsed = JSON.parse(JSON.stringify(given)) as Record<string, unknown>[];
        const made = make(shape, parsed);
        seen.add(made.kind);
        if (made.kind === "fault") expect(rejectionCodes[made.fault.code].stages).toContain("output");
        if (made.kind === "events") {
          const standards = made.values.map(checked);
          expect(standards.map(({ data }) => data)).toEqual(
            parsed.slice(0, made.values.length).map(({ data }) => data),
          );
          expect(standards.every(({ orgId, assetId }) => orgId === "acme" && assetId === event.assetId)).toBe(
            true,
          );
        }
      }),
      { numRuns: 500 },
    );
    expect([...seen].toSorted()).toEqual(["events", "fault", "filtered"]);
  });
});
