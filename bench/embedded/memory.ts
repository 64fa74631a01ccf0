import { setTimeout as wait } from "node:timers/promises";
import type { OutgoingRecord } from "../../src/stream/port.ts";
import { median } from "../sandbox-tax.ts";
import { progressOf, type Side } from "./side.ts";

/** Resident memory over a run, megabytes. */
export interface MemoryCourse {
  /** Median of the tenth after the warm-up, and of the last tenth. */
  readonly startMb: number;
  readonly endMb: number;
  readonly mostMb: number;
  /** By how much the last tenth is above the one in the middle. */
  readonly lastHalfGrowthMb: number;
  /** Of the straight line through the last half, for each 100,000 events. */
  readonly slopeMb: number;
}

export interface Memory {
  readonly events: number;
  readonly host: MemoryCourse;
  readonly executors: MemoryCourse;
}

interface Sample {
  readonly events: number;
  readonly hostMb: number;
  readonly executorsMb: number;
}

/** Events that may wait in the log: enough to keep the lanes busy. */
const waitingEvents = 40_000;
const groupEvents = 5_000;
const sampleMs = 50;

/** Sends so many events through as fast as they go, the same ones over and over, and watches memory meanwhile. */
export async function measureMemory(
  side: Side,
  records: readonly OutgoingRecord[],
  events: number,
): Promise<Memory> {
  const samples: Sample[] = [];
  let sent = 0;
  for (;;) {
    const { lag } = await progressOf(side);
    if (sent >= events && lag === 0) break;
    samples.push({
      events: sent - lag,
      hostMb: process.memoryUsage.rss() / 2 ** 20,
      executorsMb: (await side.executorBytes()) / 2 ** 20,
    });
    for (let waiting = lag; sent < events && waiting < waitingEvents; waiting += groupEvents) {
      const from = sent % (records.length - groupEvents + 1);
      const group = records.slice(from, from + Math.min(groupEvents, events - sent));
      await side.log.append(group);
      sent += group.length;
    }
    await wait(sampleMs);
  }
  return {
    events,
    host: courseOf(samples, ({ hostMb }) => hostMb),
    executors: courseOf(samples, ({ executorsMb }) => executorsMb),
  };
}

function courseOf(samples: readonly Sample[], megabytes: (sample: Sample) => number): MemoryCourse {
  const last = samples.at(-1)?.events ?? 0;
  const between = (from: number, to: number): Sample[] =>
    samples.filter(({ events }) => events >= last * from && events <= last * to);
  const tenth = (from: number): number => median(between(from, from + 0.1).map(megabytes));
  return {
    startMb: tenth(0.1),
    endMb: tenth(0.9),
    mostMb: Math.max(...samples.map(megabytes)),
    lastHalfGrowthMb: tenth(0.9) - tenth(0.45),
    slopeMb: slopeOf(between(0.5, 1), megabytes) * 100_000,
  };
}

/** Least squares. */
function slopeOf(samples: readonly Sample[], megabytes: (sample: Sample) => number): number {
  const count = samples.length;
  const meanX = samples.reduce((sum, { events }) => sum + events, 0) / count;
  const meanY = samples.reduce((sum, sample) => sum + megabytes(sample), 0) / count;
  let [over, under] = [0, 0];
  for (const sample of samples) {
    over += (sample.events - meanX) * (megabytes(sample) - meanY);
    under += (sample.events - meanX) ** 2;
  }
  return over / under;
}
