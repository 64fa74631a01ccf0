import type { ExecutorLink } from "./executor-link.ts";

/**
 * - `deadline`: the crossing used more CPU than it can ever need
 * - `memory`: the executor's resident memory went over its limit
 * - `frozen`: no CPU was used for long although there was work; nobody is to blame
 */
export type KillReason = "deadline" | "memory" | "frozen";

/** Between two looks, milliseconds. A look reads two small files of the kernel, about 40 µs. */
const lookMs = 25;
/** Wall time without any CPU progress after which an executor counts as frozen, milliseconds. */
const frozenMs = 10_000;
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
    if (cpuMs - lastCpuMs > progressMs) lastProgressMs = nowMs;
    lastCpuMs = cpuMs;
    if (cpuMs - cpuAtStartMs > deadlineMs) kill("deadline");
    else if (link.residentBytes() > residentLimitBytes) kill("memory");
    else if (nowMs - lastProgressMs > frozenMs) kill("frozen");
  };

  return {
    start: (cpuDeadlineMs) => {
      deadlineMs = cpuDeadlineMs;
      cpuAtStartMs = undefined;
      lastProgressMs = performance.now();
      timer ??= setInterval(look, lookMs);
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
