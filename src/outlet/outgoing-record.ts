/** A record on its way out, as the log takes it. Without a partition the log picks the input's own. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly (readonly [name: string, value: Uint8Array])[];
  /** Epoch milliseconds; always the input record's, for a broker refuses what lies in the future. */
  readonly timestampMs: number;
}

/** What the log holds of records' sizes; both sides must count alike, so that nothing fails in a commit. */
export interface RecordSizes {
  /** Size of a record as the log counts it, bytes. */
  sizeBytes(record: OutgoingRecord): number;
  /** Largest record that a topic takes, counted so. */
  maxRecordBytes(topic: string): number;
}
