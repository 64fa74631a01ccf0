import type { InputRecord } from "../model/raw-event.ts";

/** A record as a log gives it. */
export interface FetchedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: InputRecord["headers"];
}

const noBytes = new Uint8Array(0);

/** A log's record as intake takes it: one without a value has an empty payload. */
export function createInputRecord(fetched: FetchedRecord): InputRecord {
  const { topic, partition, offset, timestampMs, key, value, headers } = fetched;
  return { topic, partition, offset, timestampMs, key, headers, payload: value ?? noBytes };
}
