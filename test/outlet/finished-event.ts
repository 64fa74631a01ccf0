import type { InputRecord } from "../../src/model/raw-event.ts";
import type { EventFault } from "../../src/model/script-fault.ts";
import type { OutgoingRecord, RecordSizes } from "../../src/outlet/outgoing-record.ts";

export const record: InputRecord = {
  topic: "millrace.ingest",
  partition: 3,
  offset: 41,
  timestampMs: Date.parse("2025-03-01T08:15:00.412Z"),
  key: Buffer.from("acme/gate-7"),
  headers: [["org", Buffer.from("acme")]],
  payload: Buffer.from([1, 0x67, 0, 0xe1]),
};

export const identity = {
  eventId: "e-1",
  orgId: "acme",
  assetId: "gate-7",
  templateId: "cold-room",
  templateVersion: "1.4.0",
  timeMs: Date.parse("2025-03-01T08:15:00.000Z"),
};

export const fault: EventFault = {
  stage: "decode",
  type: "runtime",
  code: "UNCAUGHT",
  message: "RangeError: out of bounds",
};

/** Sizes as the logs count them. */
export function sizesOf(limits: Readonly<Record<string, number>> = {}): RecordSizes {
  return {
    sizeBytes: ({ key, value, headers }) =>
      headers.reduce(
        (bytes, [name, text]) => bytes + 10 + Buffer.byteLength(name) + text.length,
        96 + (key?.length ?? 0) + (value?.length ?? 0),
      ),
    maxRecordBytes: (topic) => limits[topic] ?? 1_048_576,
  };
}

/** What a reader sees in a record. */
export function shown({ key, value, headers, ...rest }: OutgoingRecord) {
  return {
    ...rest,
    key: key === null ? null : Buffer.from(key).toString(),
    value: JSON.parse(Buffer.from(value!).toString()) as unknown,
    headers: headers.map(([name, text]) => [name, Buffer.from(text).toString()]),
  };
}
