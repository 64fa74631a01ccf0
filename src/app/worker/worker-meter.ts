import type { RecordableHistogram } from "node:perf_hooks";
import type { SliceReport } from "./slice-work.ts";
import { addOutcomes, createLatencies, noOutcomes } from "./outcome-counts.ts";
import type { LatencyQuantiles, WorkerStats } from "./worker-port.ts";

/** Latency is that of the last one to two of these, milliseconds. */
const periodMs = 2_500;

/** Counts what a worker commits. */
export interface WorkerMeter {
  count(report: SliceReport): void;
  /** A partition is owned, or no longer. */
  countLane(change: 1 | -1): void;
  read(): Pick<WorkerStats, "counts" | "latency" | "latencyOverall" | "lanes">;
}

export function createWorkerMeter(): WorkerMeter {
  let counts = noOutcomes;
  let lanes = 0;
  const overall = createLatencies();
  let [previous, current] = [createLatencies(), createLatencies()];
  let periodFromMs = performance.now();
  const rotate = (): void => {
    const nowMs = performance.now();
    if (nowMs - periodFromMs < periodMs) return;
    previous = nowMs - periodFromMs < 2 * periodMs ? current : createLatencies();
    current = createLatencies();
    periodFromMs = nowMs;
  };
  return {
    count: (report) => {
      rotate();
      counts = addOutcomes(counts, report.counts);
      const nowMs = Date.now();
      // A clock that was set back makes a record come from the future; the histogram takes whole numbers from 1 on.
      for (const timestampMs of report.timestampsMs) {
        const latencyUs = Math.max(1, Math.round((nowMs - timestampMs) * 1_000));
        current.record(latencyUs);
        overall.record(latencyUs);
      }
    },
    countLane: (change) => {
      lanes += change;
    },
    read: () => {
      rotate();
      const both = createLatencies();
      both.add(previous);
      both.add(current);
      return { counts, latency: quantiles(both), latencyOverall: quantiles(overall), lanes };
    },
  };
}

function quantiles(histogram: RecordableHistogram): LatencyQuantiles {
  if (histogram.count === 0) return { p50Ms: 0, p99Ms: 0 };
  return { p50Ms: histogram.percentile(50) / 1_000, p99Ms: histogram.percentile(99) / 1_000 };
}
