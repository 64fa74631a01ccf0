import { setTimeout as wait } from "node:timers/promises";
import type { OutgoingRecord } from "../../src/stream/port.ts";
import { median, rounded } from "../sandbox-tax.ts";
import { progressOf, type Side } from "./side.ts";
import { cpuSince, readCpu, type CpuByThread } from "./thread-cpu.ts";

/** What one side does. */
export interface SideRate {
  /** Median of the rounds. */
  readonly perSecond: number;
  /** Microseconds an event, medians, by part. */
  readonly cpuUs: CpuByThread;
}

export interface Throughput {
  readonly events: number;
  readonly rounds: number;
  readonly passThrough: SideRate;
  readonly station: SideRate;
  /** CPU that the worker's thread takes for an event over what the log itself costs it, microseconds. */
  readonly beyondLogUs: number;
  /** Median of the rounds' own ratios, and their range. */
  readonly ratio: number;
  readonly ratioLeast: number;
  readonly ratioMost: number;
}

interface Round {
  readonly perSecond: number;
  readonly cpuUs: CpuByThread;
}

/**
 * Share of a round's records that is not counted: a side hears of them late by up to a look at the file, its fetches
 * grow, and the log of whoever appended still writes its checkpoint.
 */
const leadShare = 0.2;
const pollMs = 2;

export async function measureThroughput(
  passThrough: Side,
  station: Side,
  records: readonly OutgoingRecord[],
  rounds: number,
): Promise<Throughput> {
  const plain: Round[] = [];
  const whole: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await runRound(passThrough, records));
    whole.push(await runRound(station, records));
  }
  const [plainRate, wholeRate] = [summary(plain), summary(whole)];
  const ratios = whole.map(({ perSecond }, round) => perSecond / (plain[round] as Round).perSecond);
  return {
    events: records.length,
    rounds,
    passThrough: plainRate,
    station: wholeRate,
    beyondLogUs: rounded((wholeRate.cpuUs["worker"] ?? 0) - (plainRate.cpuUs["worker"] ?? 0)),
    ratio: rounded(median(ratios)),
    ratioLeast: rounded(Math.min(...ratios)),
    ratioMost: rounded(Math.max(...ratios)),
  };
}

/** All records appear at once; the clock runs from when the first of them are committed until all are. */
async function runRound(side: Side, records: readonly OutgoingRecord[]): Promise<Round> {
  const threads = await side.threads();
  await side.log.append(records);
  let start: { readonly lag: number; readonly atMs: number; readonly cpu: ReturnType<typeof readCpu> };
  for (;;) {
    const { lag } = await progressOf(side);
    if (lag <= records.length * (1 - leadShare)) {
      start = { lag, atMs: performance.now(), cpu: readCpu(threads) };
      break;
    }
    await wait(pollMs);
  }
  while ((await progressOf(side)).lag > 0) await wait(pollMs);
  const elapsedMs = performance.now() - start.atMs;
  const used = cpuSince(threads, start.cpu);
  const cpuUs = Object.fromEntries(Object.entries(used).map(([part, us]) => [part, us / start.lag]));
  return { perSecond: (start.lag * 1_000) / elapsedMs, cpuUs };
}

function summary(rounds: readonly Round[]): SideRate {
  const parts = Object.keys(rounds[0]?.cpuUs ?? {});
  return {
    perSecond: Math.round(median(rounds.map(({ perSecond }) => perSecond))),
    cpuUs: Object.fromEntries(
      parts.map((part) => [part, rounded(median(rounds.map(({ cpuUs }) => cpuUs[part] ?? 0)))]),
    ),
  };
}
