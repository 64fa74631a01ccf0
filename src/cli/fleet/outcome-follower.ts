import type { Rejection } from "../../model/contract.ts";
import type { Outcome } from "../../pipeline/outcome.ts";
import type { Log, LogReader, RecordPlace } from "../../stream/port.ts";

/** What came of a record that was appended. */
export interface Followed<T> {
  readonly item: T;
  readonly outcome: Outcome;
}

export interface OutcomeFollower<T> {
  /** A record was appended; those of one partition in the order of their offsets. */
  sent(place: RecordPlace, item: T): void;
  /** How many have no outcome yet. */
  pending(): number;
  /** The outcomes of those whose offset is committed by now. */
  poll(): Promise<readonly Followed<T>[]>;
  close(): Promise<void>;
}

export interface FollowerOptions {
  readonly log: Log;
  readonly group: string;
  readonly topics: { readonly ingest: string; readonly events: string; readonly deadLetters: string };
}

/** What one look brings at most; it does not wait. */
const fetchBounds = { maxRecords: 5_000, maxBytes: 16 * 2 ** 20, waitMs: 0 };

/**
 * Follows records from the ingest topic to what the log holds of their outcomes. Outputs and offset move in one
 * transaction: a record whose offset is committed and of which nothing came out was filtered.
 */
export async function openOutcomeFollower<T>(options: FollowerOptions): Promise<OutcomeFollower<T>> {
  const { log, group, topics } = options;
  const topicId = (await log.describeTopic(topics.ingest))?.topicId ?? "";
  const idPrefix = `${topics.ingest}.${topicId}.`;
  const events = await log.read({ topic: topics.events, from: "end" });
  const deadLetters = await log.read({ topic: topics.deadLetters, from: "end" });
  const waiting = new Map<number, { readonly offset: number; readonly item: T }[]>();
  /** By partition and offset of the input. */
  const found = new Map<string, Outcome>();
  let pending = 0;

  const noteEvent = (value: Uint8Array): void => {
    const [partition, offset, index] = placeOf(value, idPrefix);
    if (partition === undefined || offset === undefined) return;
    const key = `${partition}:${offset}`;
    const known = found.get(key);
    const values = known?.kind === "standard" ? [...known.values, value] : [value];
    found.set(key, { kind: "standard", shape: index === undefined ? "one" : "many", values });
  };
  const noteRejection = (value: Uint8Array): void => {
    const rejection = JSON.parse(Buffer.from(value).toString("utf8")) as Rejection;
    found.set(`${rejection.record.partition}:${rejection.record.offset}`, { kind: "rejected", rejection });
  };

  return {
    sent: ({ partition, offset }, item) => {
      const own = waiting.get(partition) ?? [];
      waiting.set(partition, own);
      own.push({ offset, item });
      pending += 1;
    },
    pending: () => pending,
    poll: async () => {
      // Read first: whatever is committed by now has its outputs before the ends of their topics.
      const lags = await log.lag(group, topics.ingest);
      await drain(events, noteEvent);
      await drain(deadLetters, noteRejection);
      const followed: Followed<T>[] = [];
      for (const { partition, committedOffset } of lags) {
        const own = waiting.get(partition) ?? [];
        const through = countBefore(own, committedOffset ?? 0);
        for (const { offset, item } of own.splice(0, through)) {
          const key = `${partition}:${offset}`;
          followed.push({ item, outcome: found.get(key) ?? { kind: "filtered", eventId: idPrefix + key } });
          found.delete(key);
        }
      }
      pending -= followed.length;
      return followed;
    },
    close: async () => {
      await Promise.all([events.close(), deadLetters.close()]);
    },
  };
}

async function drain(reader: LogReader, note: (value: Uint8Array) => void): Promise<void> {
  for (;;) {
    const { records } = await reader.fetch(fetchBounds);
    // The bytes are views into a buffer of many records, and some of them stay for long.
    for (const { value } of records) if (value !== null) note(Uint8Array.from(value));
    if (records.length === 0) return;
  }
}

function countBefore(waiting: readonly { readonly offset: number }[], committed: number): number {
  let count = 0;
  while (count < waiting.length && (waiting[count]?.offset ?? committed) < committed) count += 1;
  return count;
}

/** Longest beginning of a standard event that holds its id, bytes. */
const idBytes = 700;
const eventId = /"eventId":"([^"]*)"/;

/** Partition, offset and, of several events, the index: they stand in an id that Millrace has derived. */
function placeOf(value: Uint8Array, idPrefix: string): (number | undefined)[] {
  const beginning = Buffer.from(value.buffer, value.byteOffset, Math.min(idBytes, value.byteLength));
  const id = eventId.exec(beginning.toString("latin1"))?.[1] ?? "";
  return id.startsWith(idPrefix) ? id.slice(idPrefix.length).split(".").map(Number) : [];
}
