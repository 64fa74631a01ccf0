import { setTimeout as delay } from "node:timers/promises";
import { outcomeLines } from "../../src/cli/run/outcome-line.ts";
import type { Processed } from "../../src/pipeline/outcome.ts";

/** Events of one group, and groups after which the same ones come again. */
export const groupEvents = 16;
export const distinctGroups = 25;
/** Between two groups, milliseconds: about 1,600 events a second. */
const pauseMs = 10;
/** Groups that may be under way; more only queue up behind an executor that is held. */
const mostUnderWay = 50;

/** Runs the group of this number, always with the same events. */
export type RunGroup = (number: number) => Promise<readonly Processed[]>;

/** What the innocent org saw while it sent. */
export interface LoadReport {
  readonly events: number;
  /** Lines of each group's outcomes, by the group's number. */
  readonly lines: readonly string[];
  /** Numbers of groups whose outcomes were not the same every time. */
  readonly unsteady: readonly number[];
  readonly latenciesMs: readonly number[];
}

/** Sends groups at a steady pace, whatever becomes of them, until `until` has settled and each was sent at least once. */
export async function sendInnocents(run: RunGroup, until: Promise<unknown>): Promise<LoadReport> {
  const lines: string[] = [];
  const unsteady = new Set<number>();
  const latenciesMs: number[] = [];
  const underWay = new Set<Promise<void>>();
  const state = { settled: false };
  const settle = (): void => void (state.settled = true);
  until.then(settle, settle);
  let sent = 0;
  const send = async (number: number): Promise<void> => {
    const processed = await run(number);
    const text = outcomeLines(processed.map(({ outcome }) => outcome)).toString("utf8");
    if ((lines[number] ??= text) !== text) unsteady.add(number);
    for (const { latencyMs } of processed) latenciesMs.push(latencyMs);
  };
  while (!state.settled || sent < distinctGroups) {
    if (underWay.size < mostUnderWay) {
      const sending = send(sent % distinctGroups).finally(() => underWay.delete(sending));
      underWay.add(sending);
      sent += 1;
    }
    await delay(pauseMs);
  }
  await Promise.all(underWay);
  return { events: sent * groupEvents, lines, unsteady: [...unsteady], latenciesMs };
}

/** The latency that 99 of a hundred events stay under. */
export function p99(latenciesMs: readonly number[]): number {
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}
