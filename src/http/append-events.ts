import { toIngestRecord } from "../intake/event-record.ts";
import { MillraceError } from "../model/error.ts";
import type { RawEvent } from "../model/raw-event.ts";
import type { Log, RecordPlace } from "../stream/port.ts";
import { refuse, refuseForNow, type Refusal } from "./refusal.ts";

/** Where events go. */
export interface EventSink {
  readonly log: Pick<Log, "append">;
  readonly ingestTopic: string;
  /** An append failed; the sender has been told to come again. */
  readonly onFault: (error: MillraceError) => void;
}

/** Appends events in one call; when it gives their places they are durable. */
export async function appendEvents(
  { log, ingestTopic, onFault }: EventSink,
  events: readonly RawEvent[],
): Promise<readonly RecordPlace[] | Refusal> {
  const records = events.map((event) => ({
    topic: ingestTopic,
    ...toIngestRecord(event),
    timestampMs: event.record.timestampMs,
  }));
  try {
    return await log.append(records);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    if (error.code === "RECORD_TOO_LARGE") return refuse(413, "RECORD_TOO_LARGE", error.message);
    onFault(error);
    // The message may name paths and hosts that are not the sender's to know.
    return refuseForNow(503, "LOG_UNAVAILABLE", "the log cannot take it now; send it again");
  }
}
