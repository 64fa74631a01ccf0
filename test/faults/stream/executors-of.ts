import { readdirSync, readFileSync } from "node:fs";

/** Process ids of the executors of a stream: each of its workers' threads has started its own. */
export function executorsOf(pid: number): number[] {
  const threads = read(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads
    .flatMap((thread) => (readText(`/proc/${pid}/task/${thread}/children`) ?? "").split(" "))
    .filter((text) => text !== "")
    .map(Number)
    .filter((child) => readText(`/proc/${child}/cmdline`)?.includes("process-main.ts") === true);
}

function readText(path: string): string | undefined {
  return read(() => readFileSync(path, "latin1"));
}

/** What is looked at may have ended meanwhile. */
function read<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
