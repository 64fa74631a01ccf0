import type { Rejection } from "../model/contract.ts";
import type { DebugRecord } from "../model/debug-record.ts";
import type { InputRecord } from "../model/raw-event.ts";
import type { ConsoleLine } from "../model/script-fault.ts";
import { formatTimestamp } from "../model/timestamp.ts";
import type { OutgoingRecord } from "../stream/port.ts";
import { createRejection, type RejectedIdentity } from "./rejection.ts";

/** A topic that outputs go to. */
export interface OutputTopic {
  readonly name: string;
  /** Largest record that it takes, as `recordSizeBytes` of the stream counts. */
  readonly maxRecordBytes: number;
}

export interface OutputTopics {
  readonly events: OutputTopic;
  readonly deadLetters: OutputTopic;
  readonly debug: OutputTopic;
}

/** What one raw event ended as, as far as it matters for what is written. */
export type WrittenOutcome =
  | { readonly kind: "standard"; readonly shape: "one" | "many"; readonly values: readonly Uint8Array[] }
  | { readonly kind: "filtered"; readonly eventId: string }
  | { readonly kind: "rejected"; readonly rejection: Rejection };

/** A raw event with what is known of whose it is. */
export interface WrittenEvent {
  readonly record: InputRecord;
  readonly identity: RejectedIdentity;
}

/** Makes the log's records of outcomes. */
export interface OutputWriter {
  /**
   * Adds the records of one outcome and gives the outcome as it was written: events of which one is too large for its
   * topic become one rejection.
   */
  write(
    event: WrittenEvent,
    outcome: WrittenOutcome,
    console: readonly ConsoleLine[] | undefined,
    into: OutgoingRecord[],
  ): WrittenOutcome;
}

type Headers = OutgoingRecord["headers"];

export function createOutputWriter(
  { events, deadLetters, debug }: OutputTopics,
  sizeOf: (record: Pick<OutgoingRecord, "key" | "value" | "headers">) => number,
): OutputWriter {
  const headersOf = createHeaderMaker();
  const recordOf = (
    topic: OutputTopic,
    { record, identity }: WrittenEvent,
    value: Uint8Array,
  ): OutgoingRecord => ({
    topic: topic.name,
    key: record.key,
    value,
    headers: headersOf(identity.orgId, record),
    timestampMs: record.timestampMs,
  });

  const reject = (event: WrittenEvent, rejection: Rejection, into: OutgoingRecord[]): WrittenOutcome => {
    let written = rejection;
    let output = recordOf(deadLetters, event, Buffer.from(JSON.stringify(rejection), "utf8"));
    if (sizeOf(output) > deadLetters.maxRecordBytes) {
      const limitBytes = deadLetters.maxRecordBytes - (sizeOf(output) - (output.value?.length ?? 0));
      const { stage, type, code, message, location, stack } = rejection;
      const fault = { stage, type, code, message, ...(location && { location }), ...(stack && { stack }) };
      written = createRejection({
        identity: event.identity,
        fault,
        record: event.record,
        limitBytes,
      });
      output = recordOf(deadLetters, event, Buffer.from(JSON.stringify(written), "utf8"));
    }
    into.push(output);
    return { kind: "rejected", rejection: written };
  };

  const writeDebug = (
    { record, identity }: WrittenEvent,
    lines: readonly ConsoleLine[],
    into: OutgoingRecord[],
  ): void => {
    const { eventId, orgId, assetId, templateId, templateVersion, timeMs } = identity;
    if (orgId === null || assetId === null || templateId === null || templateVersion === null) return;
    const ids = { eventId, orgId, assetId, templateId, templateVersion };
    const entry: DebugRecord = { schemaVersion: 1, ...ids, time: formatTimestamp(timeMs), lines };
    const output = recordOf(debug, { record, identity }, Buffer.from(JSON.stringify(entry), "utf8"));
    // Console lines are a help and no outcome: what does not fit is left out.
    if (sizeOf(output) <= debug.maxRecordBytes) into.push(output);
  };

  return {
    write: (event, outcome, console, into) => {
      if (console !== undefined && console.length > 0) writeDebug(event, console, into);
      switch (outcome.kind) {
        case "filtered":
          return outcome;
        case "rejected":
          return reject(event, outcome.rejection, into);
        case "standard": {
          const outputs = outcome.values.map((value) => recordOf(events, event, value));
          const largest = Math.max(...outputs.map(sizeOf));
          if (largest > events.maxRecordBytes) return reject(event, tooLarge(event, largest, events), into);
          into.push(...outputs);
          return outcome;
        }
      }
    },
  };
}

function tooLarge({ identity, record }: WrittenEvent, bytes: number, topic: OutputTopic): Rejection {
  const message = `a standard event takes ${bytes} bytes as a record, and ${topic.name} takes ${topic.maxRecordBytes}`;
  return createRejection({
    identity,
    record,
    fault: { stage: "output", type: "output", code: "TOO_LARGE", message },
  });
}

/** `org`, and the trace that the input belongs to; the last org's bytes are kept, for a slice has few of them. */
function createHeaderMaker(): (orgId: string | null, record: InputRecord) => Headers {
  let lastOrg: string | null = null;
  let orgHeader: Headers = [];
  return (orgId, record) => {
    if (orgId !== lastOrg) {
      lastOrg = orgId;
      orgHeader = orgId === null ? [] : [["org", Buffer.from(orgId, "utf8")]];
    }
    const trace = record.headers.findLast(([name]) => name.toLowerCase() === "traceparent");
    return trace === undefined ? orgHeader : [...orgHeader, ["traceparent", trace[1]]];
  };
}
