import type { ExecutorLink } from "./executor-link.ts";

/**
 * - `deadline`: the crossing, or making events of what it left, used more CPU than it can ever need
 * - `memory`: the executor's resident memory went over its limit
 * - `frozen`: no CPU was used for long although there was work; nobody is to blame
 */
export type KillReason = "deadline" | "memory" | "frozen";

/** Between two looks, milliseconds. A look reads two small files of the kernel, about 40 µs. */
const lookMs = 25;
/** Wall time without any CPU progress after which an executor counts as frozen, milliseconds. */
const frozenMs = 10_000;
/**
 * CPU time that the executor's other threads may use while its main thread rests and an answer is due, milliseconds. It
 * protects the lane from a result that the finisher cannot get done with; what the limits let through takes it far
 * less than a second. A machine that counts it to the collector's threads as well is why it is not less.
 */
const finishingMs = 5_000;
/** Wall time without progress after which the other threads are looked at, milliseconds: most crossings are over by then. */
const restMs = 500;
/** Less CPU than this between two looks is no progress, milliseconds. */
const progressMs = 0.2;

/** Looks after one executor while it is busy. */
export interface Watch {
  /** A crossing starts now; it may use so much CPU of the executor's main thread. */
  start(cpuDeadlineMs: number): void;
  stop(): void;
}

export function createWatch(
  link: ExecutorLink,
  residentLimitBytes: number,
  kill: (reason: KillReason) => void,
): Watch {
  let timer: NodeJS.Timeout | undefined;
  let deadlineMs = 0;
  let cpuAtStartMs: number | undefined;
  let lastCpuMs = 0;
  let lastProgressMs = 0;
  let othersAtRestMs: number | undefined;

  /** CPU time that the other threads have used since the main thread last did something. */
  const othersSinceRestMs = (cpuMs: number): number => {
    const othersMs = (link.processCpuMs() ?? cpuMs) - cpuMs;
    othersAtRestMs ??= othersMs;
    return othersMs - othersAtRestMs;
  };

  const look = (): void => {
    const nowMs = performance.now();
    const cpuMs = link.cpuMs();
    if (cpuMs === undefined) {
      // Without the kernel's figure the wall must do, with room for a busy machine.
      if (nowMs - lastProgressMs > deadlineMs * 4 + 1_000) kill("deadline");
      return;
    }
    // The first look of a crossing sets the mark, so an executor that is rarely busy costs no reads.
    cpuAtStartMs ??= cpuMs;
    if (cpuMs - lastCpuMs > progressMs) {
      lastProgressMs = nowMs;
      othersAtRestMs = undefined;
    }
    lastCpuMs = cpuMs;
    const isResting = nowMs - lastProgressMs > restMs;
    if (cpuMs - cpuAtStartMs > deadlineMs) kill("deadline");
    else if (isResting && othersSinceRestMs(cpuMs) > finishingMs) kill("deadline");
    else if (link.residentBytes() > residentLimitBytes) kill("memory");
    else if (nowMs - lastProgressMs > frozenMs) kill("frozen");
  };

  return {
    start: (cpuDeadlineMs) => {
      deadlineMs = cpuDeadlineMs;
      cpuAtStartMs = undefined;
      lastProgressMs = performance.now();
      othersAtRestMs = undefined;
      timer ??= setInterval(look, lookMs);
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
