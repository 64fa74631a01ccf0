import { readFileSync } from "node:fs";
import { executorPids } from "../sandbox/executor-pids.ts";

/** Milliseconds in a tick of /proc/PID/stat on Linux, whatever the machine. */
const tickMs = 10;
const pageBytes = 4_096;
/** Between two looks at the executors' memory, milliseconds. */
const lookMs = 10;

/**
 * CPU time of all executors that this process has ever started, milliseconds: of those that live by their own count, of
 * those that ended by this process's count of its children. To the tick exact, however short an executor's life was.
 */
export function executorsCpuMs(): number {
  const [, , ended = 0, endedSystem = 0] = cpuTicks("self");
  let ticks = ended + endedSystem;
  for (const pid of executorPids()) {
    const [user = 0, system = 0] = cpuTicks(pid);
    ticks += user + system;
  }
  return ticks * tickMs;
}

/** utime, stime, cutime and cstime; nothing of a process that is gone. */
function cpuTicks(pid: number | "self"): number[] {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, "")
    .split(" ");
  return fields.slice(11, 15).map(Number);
}

export interface MemoryWatch {
  /** The most that one executor had resident at any look, bytes; starts anew. */
  take(): number;
  close(): void;
}

/** Samples the resident memory of this process's executors. */
export function watchExecutorMemory(): MemoryWatch {
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of executorPids()) peak = Math.max(peak, residentBytes(pid));
  }, lookMs);
  return {
    take: () => {
      const taken = peak;
      peak = 0;
      return taken;
    },
    close: () => clearInterval(timer),
  };
}

function residentBytes(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(" ", 2)[1] ?? 0) * pageBytes;
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
