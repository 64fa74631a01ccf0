import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A process of a test, and what it prints. */
export interface TestProcess {
  readonly child: ChildProcess;
  /** The next line of its output; `undefined` once it has ended. */
  readonly line: () => Promise<string | undefined>;
  /** Everything that it still prints. */
  readonly rest: () => Promise<readonly string[]>;
  /** Its exit code and signal. */
  readonly ended: Promise<readonly unknown[]>;
  /** Ends it as a power failure would, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts one of the `*-process.ts` beside this file. */
export function startProcess(name: string, args: readonly string[]): TestProcess {
  return follow(spawn(process.execPath, [script(name), ...args], { stdio: ["ignore", "pipe", "inherit"] }));
}

/** The same, where no file can grow beyond a size: a write past it fails, as on a disk that is full. */
export function startWithFileLimit(
  name: string,
  args: readonly string[],
  limitKilobytes: number,
): TestProcess {
  // `ulimit -f` counts blocks of 512 bytes; the signal would end the process before it sees the error.
  const shell = `trap '' XFSZ; ulimit -f ${limitKilobytes * 2}; exec "$@"`;
  return follow(
    spawn("/bin/sh", ["-c", shell, "limited", process.execPath, script(name), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
}

function script(name: string): string {
  return fileURLToPath(new URL(`./${name}-process.ts`, import.meta.url));
}

function follow(child: ChildProcess): TestProcess {
  if (child.stdout === null) throw new Error("the process has no output");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, "exit");
  const line = async (): Promise<string | undefined> => {
    const next = await lines.next();
    return next.done === true ? undefined : next.value;
  };
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  return {
    child,
    line,
    ended,
    kill,
    rest: async () => {
      const rest: string[] = [];
      for (let next = await line(); next !== undefined; next = await line()) rest.push(next);
      return rest;
    },
  };
}
