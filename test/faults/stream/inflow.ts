import { join } from "node:path";
import { createRandom } from "../../../src/fleet/random.ts";
import { openAttemptsFile, type AttemptsFile } from "./attempts-file.ts";
import { createEvents } from "./fault-catalog.ts";
import { startFileProducer, type FileProducer } from "./file-producer.ts";
import { startHttpSender, type HttpSender } from "./http-sender.ts";
import type { StreamPlace } from "./stream-program.ts";

/** Events that flow in by every way there is. */
export interface Inflow {
  readonly attempts: AttemptsFile;
  readonly senders: readonly HttpSender[];
  readonly producer: FileProducer | undefined;
  /** Sends nothing new, and waits until all that was sent is accepted. */
  finish(): Promise<void>;
}

export interface InflowOptions {
  readonly seed: number;
  readonly senders: number;
  /** Events of each run of `produce`; 0 for none. */
  readonly produced: number;
  readonly pauseMs: number;
}

export function startInflow(place: StreamPlace, options: InflowOptions): Inflow {
  const { seed, senders: count, produced, pauseMs } = options;
  const attempts = openAttemptsFile(join(place.directory, "attempts.ndjson"));
  const senders = Array.from({ length: count }, (_none, index) => {
    const random = createRandom(seed + index);
    const next = createEvents(random, `http-${index}`);
    return startHttpSender({ port: place.port, random, next, attempts, pauseMs });
  });
  const producer =
    produced === 0
      ? undefined
      : startFileProducer({
          config: place.config,
          file: join(place.directory, "produced.ndjson"),
          events: produced,
          next: createEvents(createRandom(seed + count), "produced"),
          attempts,
        });
  return {
    attempts,
    senders,
    producer,
    finish: async () => {
      await Promise.all(
        [...senders, ...(producer === undefined ? [] : [producer])].map((one) => one.finish()),
      );
    },
  };
}
