import type { IntakeFault } from "../../src/intake/intake-fault.ts";
import { createRecordReader, type RecordContext } from "../../src/intake/log-record.ts";
import type { InputRecord, RawEvent } from "../../src/model/raw-event.ts";
import { rejectionCodes } from "../../src/model/contract.ts";
import { expect } from "vitest";

export const timestampMs = Date.parse("2025-03-01T08:15:00.412Z");
export const recordContext: RecordContext = { topicId: "tid", limits: { payloadBytes: 1000 } };

/** Headers by name, or in their order; a text stands for its bytes. */
export type SmallHeaders =
  | Readonly<Record<string, string | Uint8Array>>
  | readonly (readonly [string, string | Uint8Array])[];

export interface SmallRecord {
  readonly key?: string | Uint8Array | null;
  readonly headers?: SmallHeaders;
  readonly payload?: string | Uint8Array;
  readonly timestampMs?: number;
}

export function recordOf({ key = null, headers = {}, payload = "", ...rest }: SmallRecord): InputRecord {
  const bytes = (value: string | Uint8Array): Uint8Array =>
    typeof value === "string" ? Buffer.from(value) : value;
  const pairs = Array.isArray(headers)
    ? (headers as readonly (readonly [string, string | Uint8Array])[])
    : Object.entries(headers as Readonly<Record<string, string | Uint8Array>>);
  return {
    topic: "millrace.ingest",
    partition: 3,
    offset: 41,
    timestampMs,
    key: key === null ? null : bytes(key),
    headers: pairs.map(([name, value]) => [name, bytes(value)] as const),
    payload: bytes(payload),
    ...rest,
  };
}

export function readAny(record: SmallRecord, context: Partial<RecordContext> = {}): RawEvent | IntakeFault {
  return createRecordReader({ ...recordContext, ...context })(recordOf(record));
}

/** Reads a record that must be an event. */
export function readRecord(record: SmallRecord, context: Partial<RecordContext> = {}): RawEvent {
  const found = readAny(record, context);
  if ("fault" in found) throw new Error(found.fault.message);
  return found;
}

/** Reads a record that must be refused at intake, for its envelope. */
export function refuseRecord(record: SmallRecord, context: Partial<RecordContext> = {}): IntakeFault {
  const found = readAny(record, context);
  if (!("fault" in found)) throw new Error("the record was taken");
  expect(found.fault).toMatchObject({ stage: "intake", type: "envelope" });
  expect(rejectionCodes[found.fault.code]).toMatchObject({ type: "envelope" });
  return found;
}
