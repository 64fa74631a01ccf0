import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { earliestTimeMs, formatTimestamp, latestTimeMs, parseTimestamp } from "../../src/model/timestamp.ts";
import { createTimestampNormalizer, createTimestampWriter } from "../../src/outlet/timestamp-text.ts";

describe("the timestamp writer", () => {
  it("writes every moment as formatTimestamp does, in any order of moments", () => {
    const moments = fc.oneof(
      fc.integer({ min: earliestTimeMs, max: latestTimeMs }),
      fc.integer({ min: 1_700_000_000_000, max: 1_700_000_200_000 }),
      fc.double({ min: earliestTimeMs, max: latestTimeMs, noNaN: true }),
      fc.constantFrom(earliestTimeMs, latestTimeMs, latestTimeMs + 0.5, 0, -1, -0.5, 86_399_999, 86_400_000),
    );
    fc.assert(
      fc.property(fc.array(moments, { minLength: 1, maxLength: 20 }), (times) => {
        const write = createTimestampWriter();
        expect(times.map(write)).toEqual(times.map(formatTimestamp));
      }),
    );
  });

  it.each([Number.NaN, Infinity, earliestTimeMs - 1, latestTimeMs + 1])(
    "throws for %d, as formatTimestamp does",
    (ms) => {
      const write = createTimestampWriter();
      write(latestTimeMs);
      write(earliestTimeMs);
      expect(() => write(ms)).toThrow(RangeError);
    },
  );
});

describe("the timestamp normalizer", () => {
  const digit = fc.constantFrom(..."0123456789012345678901234567890123456789x:");
  const nearMiss = fc
    .tuple(
      fc.constantFrom("2024-02-29T23:59:59.999Z", "2025-03-01T08:15:00Z", "0000-01-01T00:00:00.000Z"),
      fc.nat(23),
      digit,
    )
    .map(([text, at, sign]) => text.slice(0, at) + sign + text.slice(at + 1));
  const others = fc.constantFrom(
    "2025-03-01T08:15:00.000+01:00",
    "2025-03-01T08:15Z",
    "2025-03-01T08:15:00.1234567Z",
    "2025-03-01T08:15:00.000",
    "2025-02-29T08:15:00.000Z",
    "2025-03-01T24:00:00.000Z",
    "",
    "now",
  );

  it("reads and writes as parseTimestamp and formatTimestamp do together", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(nearMiss, others), { minLength: 1, maxLength: 20 }), (texts) => {
        const normalize = createTimestampNormalizer();
        const expected = texts.map((text) => {
          const epochMs = parseTimestamp(text);
          return epochMs === undefined ? undefined : formatTimestamp(epochMs);
        });
        expect(texts.map(normalize)).toEqual(expected);
      }),
    );
  });
});
