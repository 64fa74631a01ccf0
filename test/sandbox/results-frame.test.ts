import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeResults,
  encodeResults,
  type CrossingEnd,
  type ExecutorResult,
} from "../../src/sandbox/results-frame.ts";

const json = fc.jsonValue().map((value) => JSON.stringify({ value }));
const lines = fc.option(
  fc.array(
    fc.record({
      stage: fc.constantFrom("decode" as const, "validate" as const, "transform" as const),
      level: fc.constantFrom("log" as const, "warn" as const),
      text: fc.string({ unit: "binary" }).filter((string) => string.isWellFormed()),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  { nil: undefined },
);

const results: fc.Arbitrary<ExecutorResult> = fc
  .oneof(
    json.map((value) => ({ kind: "standard" as const, shape: "one" as const, values: [value] })),
    fc
      .array(json, { maxLength: 4 })
      .map((values) => ({ kind: "standard" as const, shape: "many" as const, values })),
    fc.constant({ kind: "filtered" as const }),
    fc.string({ unit: "grapheme" }).map((message) => ({
      kind: "fault" as const,
      fault: { stage: "decode" as const, type: "runtime" as const, code: "UNCAUGHT" as const, message },
    })),
  )
  .chain((result) => lines.map((console) => (console === undefined ? result : { ...result, console })));

const ends: fc.Arbitrary<CrossingEnd> = fc.oneof(
  fc.constant({ kind: "done" as const }),
  fc.record({
    kind: fc.constant("stopped" as const),
    reason: fc.constantFrom("timeout" as const, "memory" as const, "starved" as const, "failed" as const),
    index: fc.nat(100),
    stage: fc.constantFrom("none", "decode", "output"),
  }),
);

describe("a results frame", () => {
  test("carries results, their bytes and console lines whole", () => {
    fc.assert(
      fc.property(ends, fc.nat(1e9), fc.array(results, { maxLength: 8 }), (end, cpuUs, sent) => {
        const received = decodeResults(encodeResults(end, cpuUs, sent));
        expect({ end: received.end, cpuUs: received.cpuUs }).toEqual({ end, cpuUs });
        const asTexts = received.results.map((result) =>
          result.kind === "standard"
            ? { ...result, values: result.values.map((value) => Buffer.from(value).toString("utf8")) }
            : result,
        );
        expect(asTexts).toEqual(sent);
      }),
    );
  });

  test("that is cut short, too long or not one at all is refused with WIRE", () => {
    const body = encodeResults({ kind: "done" }, 5, [
      { kind: "standard", shape: "one", values: ['{"a":"é"}'] },
      { kind: "filtered" },
    ]);
    const wire: unknown = expect.objectContaining({ code: "WIRE" });
    for (let length = 0; length < body.length; length += 1)
      expect(() => decodeResults(body.subarray(0, length))).toThrow(wire);
    expect(() => decodeResults(Buffer.concat([body, Buffer.alloc(1)]))).toThrow(wire);
    expect(() => decodeResults(Buffer.alloc(64, "x"))).toThrow(wire);
  });

  test("whose lengths are negative is refused with WIRE", () => {
    const body = encodeResults({ kind: "done" }, 5, [{ kind: "standard", shape: "one", values: ["{}"] }]);
    const lengthOfValue = body.length - 2 - 4;
    expect(body.readInt32LE(lengthOfValue)).toBe(2);
    body.writeInt32LE(-2, lengthOfValue);
    expect(() => decodeResults(body)).toThrow(expect.objectContaining({ code: "WIRE" }));
  });
});
