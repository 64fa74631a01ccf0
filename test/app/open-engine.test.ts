import { beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { fleetGroups, openExampleEngine, runThrough, type RunOutput } from "./fleet-run.ts";

const fleetEvents = 3_000;

async function outputOf(
  sandbox: Partial<Config["sandbox"]>,
  debug: "off" | "on" = "off",
): Promise<RunOutput> {
  const engine = await openExampleEngine(sandbox, debug);
  try {
    return await runThrough(engine, fleetGroups(fleetEvents));
  } finally {
    await engine.close();
  }
}

describe("a run of the examples' catalog", { timeout: 60_000 }, () => {
  let reference: RunOutput;
  beforeAll(async () => {
    reference = await outputOf({ executors: 1, crossingEvents: 1 });
  });

  test("gives every event an outcome of the kinds that the fleet provokes", () => {
    const total = Object.values(reference.counts).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(fleetEvents);
    expect(Object.keys(reference.counts).sort()).toEqual([
      "envelope",
      "filtered",
      "runtime",
      "standard",
      "validation",
    ]);
  });

  test.each([
    [1, 7],
    [1, 64],
    [1, 512],
    [2, 1],
    [2, 7],
    [2, 64],
    [2, 512],
    [3, 1],
    [3, 7],
    [3, 64],
    [3, 512],
  ])(
    "gives the same bytes with %i executors and crossings of %i events",
    async (executors, crossingEvents) => {
      expect(await outputOf({ executors, crossingEvents })).toEqual(reference);
    },
  );

  // Threads share the process's zone and locale, and are refused where those are not what scripts are promised.
  const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions();
  test.runIf(timeZone === "UTC" && locale === "en-US")(
    "gives the same bytes with threads for executors",
    async () => {
      expect(await outputOf({ executors: 2, isolation: "thread" })).toEqual(reference);
    },
  );

  test("gives the same bytes when an executor keeps fewer isolates than there are orgs", async () => {
    expect(await outputOf({ executors: 1, isolatesPerExecutor: 1, spareIsolates: 0 })).toEqual(reference);
  });

  test("gives the same bytes, console lines and stacks in debug whatever the size of crossings", async () => {
    const small = await outputOf({ executors: 1, crossingEvents: 5 }, "on");
    expect(small.counts).toEqual(reference.counts);
    expect(await outputOf({ executors: 2, crossingEvents: 256 }, "on")).toEqual(small);
  });
});
