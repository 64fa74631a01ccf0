import type { OutgoingRecord } from "./port.ts";

/**
 * What a broker adds at most to a record that travels alone, bytes: 61 for the head of its batch, and lengths, deltas
 * and attributes of the record as variable-length integers.
 */
const recordOverheadBytes = 96;
/** Two lengths of up to 5 bytes each. */
const headerOverheadBytes = 10;

/**
 * A record's size as every log counts it against `maxRecordBytes`: never less than what Kafka's `max.message.bytes`
 * will count without compression, so that a record which passes here passes there.
 */
export function recordSizeBytes(record: Pick<OutgoingRecord, "key" | "value" | "headers">): number {
  let bytes = recordOverheadBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  for (const [name, value] of record.headers) {
    bytes += headerOverheadBytes + Buffer.byteLength(name) + value.length;
  }
  return bytes;
}
