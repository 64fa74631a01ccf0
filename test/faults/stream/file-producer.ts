import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { finished, startMillrace } from "../../cli/spawn-millrace.ts";
import type { AttemptsFile } from "./attempts-file.ts";
import { lineOf, type SentEvent } from "./fault-catalog.ts";

/** Between two runs, milliseconds: each start takes about half a second of CPU from the stream that is tested. */
const pauseMs = 200;

export interface FileProducerOptions {
  readonly config: string;
  /** A file that is written anew for each run of `produce`. */
  readonly file: string;
  readonly events: number;
  readonly next: () => SentEvent;
  readonly attempts: AttemptsFile;
}

export interface FileProducer {
  /** How often `produce` ended how. */
  readonly endings: Readonly<Record<string, number>>;
  /** Ends the `produce` that runs now as a power failure would. */
  kill(): void;
  /** Lets it end. */
  finish(): Promise<void>;
}

/** Runs `millrace produce` over files of events, one after the other, and each again until it is all durable. */
export function startFileProducer(options: FileProducerOptions): FileProducer {
  const { config, file, events: count, next, attempts } = options;
  const endings: Record<string, number> = {};
  const finishing = new AbortController();
  const givenUp = new AbortController();
  let child: ReturnType<typeof startMillrace> | undefined;
  const attempt = async (events: readonly SentEvent[]): Promise<readonly SentEvent[]> => {
    writeFileSync(file, events.map(lineOf).join(""));
    attempts.note("sent", events);
    child = startMillrace(["produce", "--config", config, "--input", file, "--progress", "never"]);
    const { code, signal, stderr } = await finished(child);
    const ending = String(code ?? signal);
    endings[ending] = (endings[ending] ?? 0) + 1;
    const through = /done through line ([\d,]+)/.exec(stderr)?.[1]?.replaceAll(",", "") ?? "0";
    const durable = code === 0 ? events.length : Number(through);
    attempts.note("accepted", events.slice(0, durable));
    return events.slice(durable);
  };
  const producing = (async () => {
    while (!finishing.signal.aborted) {
      let events: readonly SentEvent[] = Array.from({ length: count }, next);
      while (events.length > 0 && !givenUp.signal.aborted) {
        events = await attempt(events);
        await delay(pauseMs);
      }
    }
  })();
  // Where the test has failed it may go on for ever otherwise.
  onTestFinished(async () => {
    finishing.abort();
    givenUp.abort();
    child?.kill("SIGKILL");
    await producing;
  });
  return {
    endings,
    kill: () => void child?.kill("SIGKILL"),
    finish: async () => {
      finishing.abort();
      await producing;
    },
  };
}
