import type { LatencyQuantiles, WorkerStats } from "../../app/worker/worker-port.ts";
import { plural } from "../finding-text.ts";

/** What all workers have in common to show. */
export interface StationSummary {
  /** Workers, executors and isolates, in words. */
  readonly sandbox: string;
  /** Those of the slowest worker. */
  readonly latency: LatencyQuantiles;
  readonly latencyOverall: LatencyQuantiles;
}

export function summarize(workers: readonly WorkerStats[]): StationSummary {
  const executors = workers.reduce((count, { sandbox }) => count + sandbox.executors.length, 0);
  const isolates = workers.reduce((count, { sandbox }) => count + total(sandbox.isolates), 0);
  const killed = workers.reduce((count, { sandbox }) => count + total(sandbox.kills), 0);
  const words = [
    plural(workers.length, "worker"),
    plural(executors, "executor"),
    plural(isolates, "isolate"),
    ...(killed === 0 ? [] : [`${plural(killed, "executor")} replaced`]),
  ];
  return {
    sandbox: words.join(", "),
    latency: slowest(workers.map(({ latency }) => latency)),
    latencyOverall: slowest(workers.map(({ latencyOverall }) => latencyOverall)),
  };
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function slowest(quantiles: readonly LatencyQuantiles[]): LatencyQuantiles {
  return {
    p50Ms: Math.max(0, ...quantiles.map(({ p50Ms }) => p50Ms)),
    p99Ms: Math.max(0, ...quantiles.map(({ p99Ms }) => p99Ms)),
  };
}
