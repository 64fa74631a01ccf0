import { assert, double, integer, property } from "fast-check";
import { expect, it } from "vitest";
import { oneDecimal } from "../../src/fleet/decimal.ts";
import { isoTime } from "../../src/fleet/iso-time.ts";
import { earliestTimeMs, latestTimeMs } from "../../src/model/timestamp.ts";

it.each([
  ["of any day", earliestTimeMs, latestTimeMs],
  ["of one day", 0, 86_399_999],
])("writes times %s as toISOString does", (_name, min, max) => {
  assert(property(integer({ min, max }), (timeMs) => isoTime(timeMs) === new Date(timeMs).toISOString()));
});

it("writes a number with one decimal, and negative zero as zero", () => {
  const texts = ["21.5", "0.0", "-0.4", "1013.0", "-12.9"];
  expect(texts.map((text) => oneDecimal(Number(text)))).toEqual(texts);
  expect(oneDecimal(-0.01)).toBe("0.0");
  assert(
    property(double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
      const text = oneDecimal(value);
      return /^-?\d+\.\d$/.test(text) && Math.abs(Number(text) - value) <= 0.0500001;
    }),
  );
});
