import { toIngestRecord } from "../../intake/event-record.ts";
import type { RawEvent } from "../../model/raw-event.ts";
import type { Log } from "../../stream/port.ts";

/** A stretch of the input that is durable. */
export interface Appended {
  readonly events: number;
  /** The last line of it; all before it are done too. */
  readonly throughLine: number;
}

/** Appends events in their order, some groups at once. */
export interface Appender {
  /** Resolves once more may come. Rejects with what the log says of an earlier group. */
  append(events: readonly RawEvent[]): Promise<void>;
  /** Resolves once all that was given is durable. */
  flush(): Promise<void>;
}

/**
 * Groups on their way at once: the log writes what has come meanwhile in one commit. Each is as large as what one read
 * of the input brings, so that they bound memory too.
 */
const groupsAhead = 8;

/** An appender to one topic; `onDurable` hears of each group, in their order. */
export function openAppender(
  log: Pick<Log, "append">,
  topic: string,
  onDurable: (done: Appended) => void,
): Appender {
  const ahead: Promise<Appended>[] = [];
  const settleFirst = async (): Promise<void> => {
    const done = await ahead.shift();
    if (done !== undefined) onDurable(done);
  };
  return {
    append: async (events) => {
      if (events.length === 0) return;
      const appending = appendGroup(log, topic, events);
      // It is waited for in its turn; until then its failure is nobody's.
      appending.catch(() => undefined);
      ahead.push(appending);
      if (ahead.length >= groupsAhead) await settleFirst();
    },
    flush: async () => {
      while (ahead.length > 0) await settleFirst();
    },
  };
}

async function appendGroup(
  log: Pick<Log, "append">,
  topic: string,
  events: readonly RawEvent[],
): Promise<Appended> {
  await log.append(
    events.map((event) => ({ topic, ...toIngestRecord(event), timestampMs: event.record.timestampMs })),
  );
  return { events: events.length, throughLine: events.at(-1)?.record.offset ?? 0 };
}
