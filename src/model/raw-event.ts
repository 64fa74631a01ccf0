/** The record that a raw event came in, kept whole so that a rejection of it can be redriven. */
export interface InputRecord {
  /** `null` where the input is a file or a pipe and no topic. */
  readonly topic: string | null;
  readonly partition: number | null;
  /** The record's offset in its partition; for a file the line number, counted from 1. */
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly headers: readonly (readonly [name: string, value: Uint8Array])[];
  /** The bytes as they came: a Kafka record's value, or what an NDJSON line's payload field decodes to. */
  readonly payload: Uint8Array;
}

/** What a device sent, after the envelope has been read and before any script has run. */
export interface RawEvent {
  readonly orgId: string;
  readonly assetId: string;
  /** What the producer named; the asset's binding goes before it. */
  readonly templateId?: string;
  readonly eventId: string;
  /** When the first trusted hop received the event, epoch milliseconds. */
  readonly timeMs: number;
  /** The media type that the producer gave; without it the template's counts. */
  readonly contentType?: string;
  /** Those headers that Millrace does not read itself; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly record: InputRecord;
  /** Given where the record's payload is a CloudEvent around the event's own; without it the record's is meant. */
  readonly payload?: Uint8Array;
}
