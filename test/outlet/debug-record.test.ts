import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConsoleLine } from "../../src/model/script-fault.ts";
import { createDebugWriter } from "../../src/outlet/debug-record.ts";
import { identity, record, shown, sizesOf } from "./finished-event.ts";

const lines: readonly ConsoleLine[] = [
  { stage: "decode", level: "log", text: "bytes: 4" },
  { stage: "transform", level: "warn", text: 'odd\n"é"' },
];

function write(console: readonly ConsoleLine[], limitBytes = 1_048_576, event = {}) {
  const writer = createDebugWriter({ topic: "debug", sizes: sizesOf({ debug: limitBytes }) });
  return writer({ record, identity, console, ...event });
}

describe("the debug record of a raw event", () => {
  it("holds its console lines and says whose they are, with the input's key and timestamp", () => {
    expect(shown(write(lines)!)).toEqual({
      topic: "debug",
      key: "acme/gate-7",
      value: {
        eventId: "e-1",
        orgId: "acme",
        assetId: "gate-7",
        templateId: "cold-room",
        templateVersion: "1.4.0",
        time: "2025-03-01T08:15:00.000Z",
        lines,
      },
      headers: [["org", "acme"]],
      timestampMs: record.timestampMs,
    });
  });

  it("is not there where nothing was written", () => {
    expect(write([])).toBeUndefined();
  });

  it("holds of lines that do not fit as many of the first as do", () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ ...lines[0]!, text: `line ${index}` }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8000 }), (limitBytes) => {
        const output = write(many, limitBytes);
        if (output === undefined) return;
        const bytes = sizesOf().sizeBytes(output);
        expect(bytes).toBeLessThanOrEqual(limitBytes);
        const value = shown(output).value as { lines: ConsoleLine[]; linesOmitted?: number };
        const { length } = value.lines;
        expect(value.lines).toEqual(many.slice(0, length));
        expect(value.linesOmitted ?? 0).toBe(100 - length);
        // One more would not have fitted.
        if (length < 99) expect(bytes + 60).toBeGreaterThan(limitBytes);
      }),
    );
    expect(write(many, 8000)).toBeDefined();
    expect(write(many, 300)).toBeUndefined();
  });
});
