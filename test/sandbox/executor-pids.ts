import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Process ids of the executors that a process (this one, if none is named) has started and that are alive. */
export function executorPids(parent: number = process.pid): number[] {
  const children = readProc(`/proc/${parent}/task/${parent}/children`) ?? "";
  const pids = children.split(" ").flatMap((text) => (text === "" ? [] : [Number(text)]));
  return pids.filter((pid) => readProc(`/proc/${pid}/cmdline`)?.includes("process-main.ts") === true);
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  const state = readProc(`/proc/${pid}/stat`)?.replace(/^.*\) /, "")[0];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** CPU time of a process's first thread, milliseconds. */
export function mainThreadCpuMs(pid: number): number {
  return Number(readProc(`/proc/${pid}/task/${pid}/schedstat`)?.split(" ", 1)[0] ?? 0) / 1e6;
}

/** Waits until something is so. The limit is only there so that a test that hangs says what it waits for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  limitMs = 15_000,
): Promise<void> {
  const startMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startMs > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await delay(10);
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
