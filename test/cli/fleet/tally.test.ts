import { createColors } from "picocolors";
import { expect, test } from "vitest";
import { summaryJson, summaryText } from "../../../src/cli/fleet/summary.ts";
import { createTally, tallyProblems } from "../../../src/cli/fleet/tally.ts";
import type { Outcome } from "../../../src/pipeline/outcome.ts";

const filtered: Outcome = { kind: "filtered", eventId: "e" };
const several: Outcome = { kind: "standard", shape: "many", values: [new Uint8Array(2), new Uint8Array(2)] };

function tallyOf(...outcomes: readonly (readonly [string, Outcome])[]) {
  const tally = createTally();
  for (const [org, outcome] of outcomes) tally.add(org, outcome, "foreseen");
  return tally;
}

test("sums are right by org and in total, events apart from raw events", () => {
  const tally = tallyOf(["a", filtered], ["b", several], ["a", several]);
  expect(tally.total).toEqual({ raw: 3, standard: 2, filtered: 1, rejected: 0, events: 4 });
  expect(tally.byOrg.get("a")).toEqual({ raw: 2, standard: 1, filtered: 1, rejected: 0, events: 2 });
  expect(tallyProblems(tally, 3)).toEqual([]);
});

test("an outcome that is missing is said, in words and as JSON", () => {
  const result = {
    tally: tallyOf(["a", filtered]),
    sent: 2,
    elapsedMs: 1500,
    latency: { p50Ms: 1, p99Ms: 2 },
  };
  expect(tallyProblems(result.tally, 2)).toEqual(["outcomes for raw events sent: 1 instead of 2"]);
  expect(summaryText(result, createColors(false))).toContain(
    "do not add up: outcomes for raw events sent: 1 instead of 2",
  );
  expect(JSON.parse(summaryJson(result))).toMatchObject({
    sent: 2,
    raw: 1,
    problems: ["outcomes for raw events sent: 1 instead of 2"],
  });
});

test("the summary has a line for each org and one for the total", () => {
  const result = {
    tally: tallyOf(["b", several], ["a", filtered]),
    sent: 2,
    elapsedMs: 1000,
    latency: { p50Ms: 1, p99Ms: 2 },
  };
  const lines = summaryText(result, createColors(false)).split("\n");
  expect(lines[0]).toBe("2 raw events in 1.0 s, 2 events/s");
  expect(lines.slice(2, 6).map((line) => line.split(/ {2,}/))).toEqual([
    ["org", "raw events", "standard", "filtered", "rejected", "events out"],
    ["a", "1", "0", "1", "0", "0"],
    ["b", "1", "1", "0", "0", "2"],
    ["total", "2", "1", "1", "0", "2"],
  ]);
});
