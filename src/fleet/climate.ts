import { clamp } from "./random.ts";

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The day's course as a smooth wave: -1 at 03:00 UTC, 1 at 15:00. By polynomials and not by `Math.sin`, whose last
 * digit may differ from engine to engine and with it the bytes of a run.
 */
export function dayWave(timeMs: number): number {
  // 0 to 2; at 0 (09:00) the wave crosses zero upwards, at 1 downwards.
  const sinceNineMs = (((timeMs - 9 * hourMs) % dayMs) + dayMs) % dayMs;
  const phase = sinceNineMs / (dayMs / 2);
  const within = phase < 1 ? phase : phase - 1;
  const arch = 4 * within * (1 - within);
  return phase < 1 ? arch : -arch;
}

/** Moves a value towards a target by the share that the elapsed time is of `settleMs`; at most all the way. */
export function approach(value: number, target: number, elapsedMs: number, settleMs: number): number {
  return value + (target - value) * clamp(elapsedMs / settleMs, 0, 1);
}
