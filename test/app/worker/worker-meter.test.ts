import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noOutcomes, type OutcomeCounts } from "../../../src/app/worker/outcome-counts.ts";
import { createWorkerMeter } from "../../../src/app/worker/worker-meter.ts";

const nowMs = Date.UTC(2025, 2, 1);
beforeEach(() => vi.useFakeTimers({ now: nowMs, toFake: ["Date", "performance"] }));
afterEach(() => void vi.useRealTimers());

const rejected: OutcomeCounts = {
  ...noOutcomes,
  raw: 3,
  rejected: 3,
  rejectedByType: { runtime: 2, envelope: 1 },
};

test("recent latency forgets what is two periods old, overall latency does not", () => {
  const meter = createWorkerMeter();
  meter.count({ counts: noOutcomes, timestampsMs: [nowMs - 1_000] });
  vi.advanceTimersByTime(3_000);
  expect(meter.read().latency.p50Ms).toBeCloseTo(1_000, -1);
  vi.advanceTimersByTime(3_000);
  meter.count({ counts: noOutcomes, timestampsMs: [Date.now() - 2] });
  const { latency, latencyOverall } = meter.read();
  expect(latency.p99Ms).toBeCloseTo(2, 1);
  expect(latencyOverall.p99Ms).toBeCloseTo(1_000, -1);
});

test("a record from a clock that is ahead counts as handled at once", () => {
  const meter = createWorkerMeter();
  meter.count({ counts: noOutcomes, timestampsMs: [nowMs + 60_000] });
  expect(meter.read().latency.p99Ms).toBeLessThan(0.01);
});

test("outcomes and lanes are counted since the start", () => {
  const meter = createWorkerMeter();
  for (let slice = 0; slice < 3; slice += 1) meter.count({ counts: rejected, timestampsMs: [] });
  meter.countLane(1);
  meter.countLane(1);
  meter.countLane(-1);
  expect(meter.read()).toMatchObject({
    counts: { raw: 9, standard: 0, rejected: 9, rejectedByType: { runtime: 6, envelope: 3 } },
    lanes: 1,
  });
});
