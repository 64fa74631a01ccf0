import { setTimeout as wait } from "node:timers/promises";
import type { OutgoingRecord } from "../../src/stream/port.ts";
import { drained, type Side } from "./side.ts";

/** From when an append was answered until its events' outputs were read, milliseconds. */
export interface Latency {
  /** Events a second that were appended. */
  readonly perSecond: number;
  readonly events: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  /** Events of one append: what one request brings. */
  readonly together: number;
}

const bounds = { maxRecords: 2_000, maxBytes: 4 * 2 ** 20, waitMs: 100 };

/** Appends events steadily and reads the events topic beside it. Each append's timestamp tells its outputs. */
export async function measureLatency(
  side: Side,
  records: readonly OutgoingRecord[],
  load: Load,
): Promise<Latency> {
  const acceptedMs = new Map<number, number>();
  const outputs = await readOutputs(side, (stamp, atMs) => atMs - (acceptedMs.get(stamp) ?? atMs));
  const appends: Promise<void>[] = [];
  const stampBase = Date.now();
  const startMs = performance.now();
  const total = Math.floor((load.perSecond * load.seconds) / load.together);
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, ((performance.now() - startMs) * load.perSecond) / 1_000 / load.together);
    for (; sent < due; sent += 1) {
      const timestampMs = stampBase + sent;
      const from = (sent * load.together) % (records.length - load.together);
      const group = records.slice(from, from + load.together).map((record) => ({ ...record, timestampMs }));
      const accepted = side.log.append(group).then(() => acceptedMs.set(timestampMs, performance.now()));
      appends.push(accepted.then(() => undefined));
    }
    await wait(1);
  }
  await Promise.all(appends);
  await drained(side);
  const latencies = (await outputs.close()).sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return {
    perSecond: load.perSecond,
    events: total * load.together,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    mostMs: at(1),
  };
}

async function readOutputs(
  { log, config }: Side,
  latencyOf: (timestampMs: number, atMs: number) => number,
): Promise<{ close(): Promise<number[]> }> {
  const reader = await log.read({ topic: config.topics.events, from: "end" });
  const latencies: number[] = [];
  let state: "reading" | "closing" = "reading";
  const run = async (): Promise<void> => {
    for (;;) {
      const { records } = await reader.fetch(bounds);
      const atMs = performance.now();
      for (const { timestampMs } of records) latencies.push(Math.max(0, latencyOf(timestampMs, atMs)));
      if (records.length === 0 && state === "closing") return;
    }
  };
  const running = run();
  return {
    close: async () => {
      state = "closing";
      await running;
      await reader.close();
      return latencies;
    },
  };
}
