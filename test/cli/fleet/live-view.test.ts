import { stripVTControlCharacters } from "node:util";
import { createColors } from "picocolors";
import { describe, expect, test } from "vitest";
import { liveBlocks, type FleetState } from "../../../src/cli/fleet/live-view.ts";
import { layOut, type ScreenSize } from "../../../src/cli/fleet/screen.ts";
import { createTally } from "../../../src/cli/fleet/tally.ts";
import type { Rejection, StandardEvent } from "../../../src/model/contract.ts";

const event: StandardEvent = {
  schemaVersion: 1,
  eventId: "e",
  eventType: "barn.climate",
  created: "2025-01-01T00:00:00.000Z",
  ingested: "2025-01-01T00:00:00.000Z",
  data: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`reading${index}`, index])),
  orgId: "meadowbank-farms",
  assetId: "a".repeat(200),
  templateId: "barn-climate",
  templateVersion: "1",
};
const rejection: Rejection = {
  ...event,
  stage: "decode",
  type: "runtime",
  code: "UNCAUGHT",
  message: `Error: \u001b[31m${"long ".repeat(50)}`,
  location: { file: "decode.js", line: 12, column: 9 },
  time: event.created,
  record: {
    topic: null,
    partition: null,
    offset: 1,
    timestamp: event.created,
    keyBase64: null,
    headers: [],
    payloadBase64: Buffer.from("$GNRMC,1\r\n").toString("base64"),
  },
};

function stateAfter(outcomes: number): FleetState {
  const tally = createTally();
  for (let index = 0; index < outcomes; index += 1) {
    tally.add(
      "acme",
      index % 3 === 0 ? { kind: "rejected", rejection } : { kind: "filtered", eventId: "e" },
      "foreseen",
    );
  }
  return {
    elapsedMs: 72_000,
    rates: [1, 100, 12_345],
    tally,
    wanted: 1_000_000,
    latency: { p50Ms: 3.14, p99Ms: 1234 },
    sample: { line: { orgId: "meadowbank-farms", assetId: "a", payloadHex: "0102085c0201890302" }, event },
    rejection,
    sandbox: "1 executor, 3 isolates",
    phase: "running",
  };
}

const screen = { columns: 80, rows: 24 };

function textOf(state: FleetState, size: ScreenSize): string {
  return layOut(liveBlocks(state, size), size, createColors(false));
}

describe("the live view", () => {
  test.each([
    [80, 24],
    [80, 16],
    [40, 24],
    [20, 5],
    [1, 1],
    [200, 60],
  ])("fits a terminal of %i columns and %i rows", (columns, rows) => {
    const lines = stripVTControlCharacters(
      layOut(liveBlocks(stateAfter(30), { columns, rows }), { columns, rows }, createColors(true)),
    ).split("\n");
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test("shows counts, latency, both samples and what to try next at 80 by 24", () => {
    const text = textOf(stateAfter(30), screen);
    for (const part of [
      "12,345 events/s",
      "1:12",
      "p50 3.1 ms, p99 1.2 s",
      "filtered           20",
      "rejected           10",
      "runtime 10",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('  raw  01 02 08 5c 02 01 89 03 02\n  out  {"eventType":"barn.climate"');
    expect(text).toContain("  raw  $GNRMC,1\\r\\n\n  why  decode runtime/UNCAUGHT");
    expect(text).toContain("decode.js:12:9 Error: \\u{1b}[31mlong");
    expect(text).toContain("npx millrace dev my-catalog");
    expect(text).not.toContain("\u001b");
  });

  test("all of it stands on a terminal of 24 rows, whose last one the cursor needs", () => {
    const text = textOf(stateAfter(30), { columns: 80, rows: 23 });
    expect(text).toContain("npx millrace dev my-catalog");
    expect(text.split("\n").length).toBe(23);
  });

  test("a larger terminal shows more of an event, and breaks it between its members", () => {
    const text = textOf(stateAfter(30), { columns: 120, rows: 40 });
    const lines = text.split("\n");
    const from = lines.findIndex((line) => line.startsWith("  out  "));
    expect(lines.slice(from, from + 5).map((line) => line.length > 100)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(lines[from + 1]).toMatch(/^ {7}"reading\d+":\d+,.*,$/);
    expect(text).toContain('"reading29":29}}');
  });

  test("before the first second is over the rate is the mean", () => {
    const text = textOf({ ...stateAfter(30), elapsedMs: 500, rates: [] }, screen);
    expect(text).toContain("       60 events/s");
  });

  test("a lower terminal loses directions first and keeps the counts", () => {
    const text = textOf(stateAfter(30), { columns: 80, rows: 12 });
    expect(text).not.toContain("npx millrace dev my-catalog");
    expect(text).toContain("rejected           10");
    expect(text).toContain("12,345 events/s");
  });

  test("before the first outcome it divides by nothing", () => {
    const { sample: _sample, rejection: _rejection, ...rest } = stateAfter(0);
    const text = textOf({ ...rest, elapsedMs: 0, rates: [] }, screen);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });
});
