import { readdirSync, readFileSync } from "node:fs";

/** CPU that parts of a side have used, microseconds, by what they are. */
export type CpuByThread = Readonly<Record<string, number>>;

/** A thread of this or another process. */
export interface Thread {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

/** The threads that a process has now; none where the system does not tell. */
export function threadsOf(pid: number): Thread[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((tid) => {
      const name = readFileSync(`/proc/${pid}/task/${tid}/comm`, "latin1").trim();
      return { pid, tid: Number(tid), name };
    });
  } catch {
    return [];
  }
}

/** What a thread has used so far, microseconds; 0 once it has ended. */
export function threadCpuUs({ pid, tid }: Thread): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, "latin1").split(" ", 1)[0]) / 1_000;
  } catch {
    return 0;
  }
}

/** Adds what threads have used since `before`, each under its part's name; the least are left out. */
export function cpuSince(
  threads: ReadonlyMap<Thread, string>,
  before: ReadonlyMap<Thread, number>,
): Record<string, number> {
  const used: Record<string, number> = {};
  for (const [thread, part] of threads)
    used[part] = (used[part] ?? 0) + threadCpuUs(thread) - (before.get(thread) ?? 0);
  return used;
}

export function readCpu(threads: ReadonlyMap<Thread, string>): Map<Thread, number> {
  return new Map([...threads.keys()].map((thread) => [thread, threadCpuUs(thread)]));
}
