import { isatty } from "node:tty";
import { createColors } from "picocolors";
import type { ExitCode } from "./exit-code.ts";
import { watchInterrupts, type Interrupt } from "./interrupt.ts";
import { openStdout, type Sink } from "./stdout.ts";

export type Colors = ReturnType<typeof createColors>;

/** What a verb may touch of the process that it runs in. */
export interface Host {
  /** Data goes here. */
  readonly stdout: Sink;
  /** Words go here: writes one line to the standard error. */
  readonly say: (line: string) => void;
  /** For the standard error; plain where that is no terminal or colours are not wanted (`NO_COLOR`). */
  readonly colors: Colors;
  /** For the standard output, likewise. */
  readonly dataColors: Colors;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDir: string;
  /**
   * Called once, by a verb that has something to finish when a person wants to stop. `said`: a line tells that it is
   * being finished; `shown`: the verb shows that itself.
   */
  readonly watchInterrupts: (announcement: "said" | "shown") => Interrupt;
}

/** Takes what a verb ends with. */
export type Finish = (code: ExitCode) => void;

/** The host that is this process. */
export function processHost(): Host {
  // A reader of the standard error that has gone away is no reason to stop.
  process.stderr.on("error", () => undefined);
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  return {
    stdout: openStdout(),
    say,
    colors: createColors(wantsColors(2)),
    dataColors: createColors(wantsColors(1)),
    environment: process.env,
    workingDir: process.cwd(),
    watchInterrupts: (announcement) =>
      watchInterrupts(() => {
        if (announcement === "said")
          say("millrace: finishing what has begun; press Ctrl-C again to end at once");
      }),
  };
}

function wantsColors(fd: 1 | 2): boolean {
  if (process.env["NO_COLOR"]) return false;
  if (process.env["FORCE_COLOR"]) return process.env["FORCE_COLOR"] !== "0";
  // A stream's `isTTY` is absent where it is no terminal, and `createColors` guesses for itself if it gets undefined.
  return isatty(fd) && process.env["TERM"] !== "dumb";
}
