import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  earliestTimeMs,
  formatTimestamp,
  isContractTime,
  latestTimeMs,
  parseTimestamp,
} from "../../src/model/timestamp.ts";

const contractTime = fc.integer({ min: earliestTimeMs, max: latestTimeMs });
const twoDigits = (number: number): string => String(number).padStart(2, "0");

describe("parseTimestamp", () => {
  test("reads back every moment that formatTimestamp writes", () => {
    fc.assert(fc.property(contractTime, (epochMs) => parseTimestamp(formatTimestamp(epochMs)) === epochMs));
  });

  test("reads the form of its own as it reads the same moment with a zone in digits", () => {
    const part = (most: number, width: number): fc.Arbitrary<string> =>
      fc.oneof(
        fc.nat(most).map((number) => String(number).padStart(width, "0")),
        fc.string({ minLength: width, maxLength: width }),
      );
    const text = fc
      .tuple(part(9_999, 4), part(13, 2), part(32, 2), part(25, 2), part(61, 2), part(61, 2), part(999, 3))
      .map(
        ([year, month, day, hour, minute, second, ms]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}`,
      );
    fc.assert(fc.property(text, (local) => parseTimestamp(`${local}Z`) === parseTimestamp(`${local}+00:00`)));
  });

  test("takes the zone off, in each of its three forms", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: latestTimeMs - 86_400_000 }),
        fc.constantFrom("+", "-"),
        fc.nat(23),
        fc.nat(59),
        fc.constantFrom(":", ""),
        (epochMs, sign, hours, minutes, separator) => {
          const local = formatTimestamp(epochMs).slice(0, -1);
          const offsetMs = (hours * 60 + minutes) * 60_000 * (sign === "+" ? 1 : -1);
          const zone = `${sign}${twoDigits(hours)}${separator}${twoDigits(minutes)}`;
          const inRange = isContractTime(epochMs - offsetMs);
          expect(parseTimestamp(local + zone)).toBe(inRange ? epochMs - offsetMs : undefined);
          if (minutes === 0 && inRange) {
            expect(parseTimestamp(`${local}${sign}${twoDigits(hours)}`)).toBe(epochMs - offsetMs);
          }
        },
      ),
    );
  });

  test("knows exactly the days of the Gregorian calendar", () => {
    const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (const year of [0, 4, 99, 100, 400, 1582, 1900, 1970, 2000, 2023, 2024, 2100, 9999]) {
      const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
      for (let month = 0; month <= 13; month += 1) {
        const days = month === 2 && isLeap ? 29 : (lengths[month - 1] ?? 0);
        for (let day = 0; day <= 32; day += 1) {
          const text = `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}T00:00:00.000Z`;
          const parsed = parseTimestamp(text);
          if (day >= 1 && day <= days)
            expect(parsed !== undefined && formatTimestamp(parsed), text).toBe(text);
          else expect(parsed, text).toBeUndefined();
        }
      }
    }
  });

  test.each([
    ["2025-03-01T08:15Z", "2025-03-01T08:15:00.000Z"],
    ["2025-03-01T08:15:59Z", "2025-03-01T08:15:59.000Z"],
    ["2025-03-01T08:15:00.5Z", "2025-03-01T08:15:00.500Z"],
    ["2025-03-01T08:15:00,05Z", "2025-03-01T08:15:00.050Z"],
    ["2025-03-01T08:15:00.123999999Z", "2025-03-01T08:15:00.123Z"],
    ["1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"],
    ["2025-03-01T00:00:00+05:30", "2025-02-28T18:30:00.000Z"],
    ["2024-12-31T23:30:00-01", "2025-01-01T00:30:00.000Z"],
    ["2025-03-01T08:15:00-00:00", "2025-03-01T08:15:00.000Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.9999Z", "9999-12-31T23:59:59.999Z"],
  ])("reads %s as %s", (text, expected) => {
    const epochMs = parseTimestamp(text);
    expect(epochMs === undefined ? undefined : formatTimestamp(epochMs)).toBe(expected);
  });

  test.each([
    "",
    "now",
    "2025-03-01",
    "2025-03-01Z",
    "2025-03-01T08:15:00",
    "2025-03-01 08:15:00Z",
    "2025-03-01t08:15:00z",
    " 2025-03-01T08:15:00Z",
    "2025-03-01T08:15:00Z\n",
    "2025-03-01T08Z",
    "2025-03-01T24:00:00Z",
    "2025-03-01T08:60:00Z",
    "2016-12-31T23:59:60Z",
    "2025-03-01T08:15:00.Z",
    "2025-03-01T08:15.5Z",
    "2025-03-01T08:15:00+24:00",
    "2025-03-01T08:15:00+01:60",
    "2025-03-01T08:15:00+1",
    "2025-3-1T08:15:00Z",
    "20250301T081500Z",
    "2025-W09-6T08:15:00Z",
    "2025-060T08:15:00Z",
    "+002025-03-01T08:15:00Z",
    "-000001-03-01T08:15:00Z",
    "٢٠٢٥-03-01T08:15:00Z",
    "0000-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "1740816900000",
    "Sat, 01 Mar 2025 08:15:00 GMT",
  ])("does not read %j", (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  test("takes no other text, and never throws", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."0123456789-:TZ+.,".split("")), maxLength: 32 }),
        (text) => {
          const epochMs = parseTimestamp(text);
          return epochMs === undefined || isContractTime(epochMs);
        },
      ),
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => parseTimestamp(text) === undefined));
  });

  test("agrees with the engine on every text in the engine's own form", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(earliestTimeMs), max: new Date(latestTimeMs), noInvalidDate: true }),
        (date) => {
          expect(parseTimestamp(date.toISOString())).toBe(Date.parse(date.toISOString()));
        },
      ),
    );
  });
});

describe("formatTimestamp", () => {
  test("writes ISO 8601 in UTC with milliseconds", () => {
    fc.assert(
      fc.property(contractTime, (epochMs) =>
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(formatTimestamp(epochMs)),
      ),
    );
  });

  test("cuts a part of a millisecond off, before 1970 too", () => {
    expect(formatTimestamp(1.9)).toBe("1970-01-01T00:00:00.001Z");
    expect(formatTimestamp(-0.1)).toBe("1969-12-31T23:59:59.999Z");
    expect(formatTimestamp(latestTimeMs + 0.9)).toBe("9999-12-31T23:59:59.999Z");
  });

  test.each([Number.NaN, Infinity, -Infinity, earliestTimeMs - 1, latestTimeMs + 1])(
    "throws on %d",
    (epochMs) => {
      expect(isContractTime(epochMs)).toBe(false);
      expect(() => formatTimestamp(epochMs)).toThrow(RangeError);
    },
  );
});
