import type { PayloadOmitted, RawRecord, Rejection } from "../model/contract.ts";
import type { InputRecord } from "../model/raw-event.ts";
import type { EventFault } from "../model/script-fault.ts";
import { formatTimestamp } from "../model/timestamp.ts";
import { plainText } from "./plain-text.ts";
import { findTrace } from "./traceparent.ts";

/**
 * Longest message and stack of a rejection, UTF-16 code units. They keep a script that throws its whole payload as a
 * message from making its rejection larger than the dead-letter topic takes. Raising them takes room from that topic's
 * allowance for everything but the payload (64 KB).
 */
export const messageCharacters = 4096;
export const stackCharacters = 16_384;

/** Who and when, as far as it is known. */
export interface RejectedIdentity {
  /** The producer's id or the derived one; there is always one. */
  readonly eventId: string;
  readonly orgId: string | null;
  readonly assetId: string | null;
  readonly templateId: string | null;
  readonly templateVersion: string | null;
  /** Where the event's own time could not be read, the record's timestamp. */
  readonly timeMs: number;
}

export interface RejectionInput {
  readonly identity: RejectedIdentity;
  readonly fault: EventFault;
  readonly record: InputRecord;
  /** Given where the payload was too large to be read at all: it stands for the record's. */
  readonly payloadOmitted?: PayloadOmitted;
}

/**
 * A rejection, with the raw record whole; what its topic does not take is left out where it is written. Messages and
 * stacks are made harmless for terminals and bounded in length.
 */
export function createRejection({ identity, fault, record, payloadOmitted }: RejectionInput): Rejection {
  const payload =
    payloadOmitted === undefined
      ? { payloadBase64: bufferOf(record.payload).toString("base64") }
      : { payloadOmitted };
  return {
    ...createEnvelope(identity, fault, record),
    record: { ...createRecord(record), ...payload },
  };
}

function createEnvelope(
  identity: RejectedIdentity,
  fault: EventFault,
  record: InputRecord,
): Omit<Rejection, "record"> {
  const { stage, type, code, location, stack } = fault;
  const traceId = findTrace(record)?.traceId;
  return {
    schemaVersion: 1,
    eventId: identity.eventId,
    orgId: identity.orgId,
    assetId: identity.assetId,
    templateId: identity.templateId,
    templateVersion: identity.templateVersion,
    stage,
    type,
    code,
    message: plainText(fault.message, { lines: "one", limitCharacters: messageCharacters }),
    ...(location === undefined
      ? {}
      : { location: { file: location.file, line: location.line, column: location.column } }),
    ...(stack === undefined
      ? {}
      : { stack: plainText(stack, { lines: "many", limitCharacters: stackCharacters }) }),
    time: formatTimestamp(identity.timeMs),
    ingested: formatTimestamp(record.timestampMs),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function createRecord(record: InputRecord): RawRecord {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: formatTimestamp(record.timestampMs),
    keyBase64: record.key === null ? null : bufferOf(record.key).toString("base64"),
    headers: record.headers.map(([name, value]) => ({
      name,
      valueBase64: bufferOf(value).toString("base64"),
    })),
  };
}

/** The same bytes as a Buffer, not a copy. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
