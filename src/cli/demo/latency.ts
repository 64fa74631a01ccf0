import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Percentiles of latency, milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Latencies of a run and of its last seconds. */
export interface LatencyRecord {
  record(latencyMs: number): void;
  /** Closes a period; `recent` covers the one that runs and the one before it. */
  rotate(): void;
  recent(): Percentiles;
  overall(): Percentiles;
}

/** Starts a record. It holds counts in buckets, so its memory does not grow with the run. */
export function createLatencyRecord(): LatencyRecord {
  const whole = microseconds();
  let previous = microseconds();
  let current = microseconds();
  return {
    record: (latencyMs) => {
      // The histogram takes whole numbers from 1 on.
      const latencyUs = Math.max(1, Math.round(latencyMs * 1000));
      whole.record(latencyUs);
      current.record(latencyUs);
    },
    rotate: () => {
      previous = current;
      current = microseconds();
    },
    recent: () => {
      const both = microseconds();
      both.add(previous);
      both.add(current);
      return percentiles(both);
    },
    overall: () => percentiles(whole),
  };
}

/** Three significant digits, up to an hour. */
function microseconds(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 3_600_000_000, figures: 3 });
}

function percentiles(histogram: RecordableHistogram): Percentiles {
  if (histogram.count === 0) return { p50Ms: 0, p99Ms: 0 };
  return { p50Ms: histogram.percentile(50) / 1000, p99Ms: histogram.percentile(99) / 1000 };
}
