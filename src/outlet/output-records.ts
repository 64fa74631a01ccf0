import type { Rejection } from "../model/contract.ts";
import type { InputRecord } from "../model/raw-event.ts";
import type { EventFault } from "../model/script-fault.ts";
import { fitRejection } from "./fit-rejection.ts";
import { orgTopic } from "./org-topic.ts";
import type { OutgoingRecord, RecordSizes } from "./outgoing-record.ts";
import { createRejection, type RejectedIdentity } from "./rejection.ts";
import { findTrace } from "./traceparent.ts";

export interface OutputOptions {
  /** Topics, or patterns with `{org}` in them. */
  readonly topics: { readonly events: string; readonly deadLetters: string };
  readonly sizes: RecordSizes;
}

/** A raw event and what became of it. */
export interface FinishedEvent {
  readonly record: InputRecord;
  readonly identity: RejectedIdentity;
  readonly outcome:
    | { readonly kind: "standard"; readonly values: readonly Uint8Array[] }
    | { readonly kind: "filtered" }
    | { readonly kind: "rejected"; readonly rejection: Rejection };
}

export interface EventOutput {
  readonly records: readonly OutgoingRecord[];
  /** Given where standard events were too large for their topic: then this is the outcome in their stead. */
  readonly rejection?: Rejection;
}

/** Makes the log's records of one raw event; it keeps what an org's records have in common and belongs to one thread. */
export type WriteOutput = (event: FinishedEvent) => EventOutput;

const nothing: EventOutput = { records: [] };

/**
 * What goes to the log for each outcome: a record for each standard event, none for a filtered one, and one for a
 * rejection. All have the input's key and timestamp, and headers for the org and for the trace that is sampled. Where
 * one of several standard events is too large for its topic, none is written and the raw event is rejected as a whole.
 */
export function createOutputWriter({ topics, sizes }: OutputOptions): WriteOutput {
  const eventsOf = createOrgMemory(topics.events);
  const deadLettersOf = createOrgMemory(topics.deadLetters);

  const reject = ({ record }: FinishedEvent, rejection: Rejection): OutgoingRecord[] => {
    const common = commonFields(record, deadLettersOf(rejection.orgId));
    const limitBytes = sizes.maxRecordBytes(common.topic);
    const fits = (value: Uint8Array): boolean => sizes.sizeBytes({ ...common, value }) <= limitBytes;
    return [{ ...common, value: fitRejection(rejection, record, fits) }];
  };
  return (event) => {
    const { record, identity, outcome } = event;
    if (outcome.kind === "filtered") return nothing;
    if (outcome.kind === "rejected") return { records: reject(event, outcome.rejection) };
    const { topic, key, headers, timestampMs } = commonFields(record, eventsOf(identity.orgId));
    const limitBytes = sizes.maxRecordBytes(topic);
    const records: OutgoingRecord[] = [];
    for (const value of outcome.values) {
      const output = { topic, key, value, headers, timestampMs };
      const bytes = sizes.sizeBytes(output);
      if (bytes > limitBytes) {
        const fault = tooLarge(topic, bytes, limitBytes);
        const rejection = createRejection({ identity, fault, record });
        return { records: reject(event, rejection), rejection };
      }
      records.push(output);
    }
    return { records };
  };
}

/** What the records of an org have in common. */
interface OrgFields {
  readonly topic: string;
  readonly headers: OutgoingRecord["headers"];
}

/** Neighbours mostly have the same org, so that only the last one's fields are kept. */
function createOrgMemory(pattern: string): (orgId: string | null) => OrgFields {
  let last: { readonly orgId: string | null; readonly fields: OrgFields } | undefined;
  return (orgId) => {
    if (last?.orgId !== orgId) {
      const headers: OutgoingRecord["headers"] = orgId === null ? [] : [["org", Buffer.from(orgId, "utf8")]];
      last = { orgId, fields: { topic: orgTopic(pattern, orgId), headers } };
    }
    return last.fields;
  };
}

function commonFields(record: InputRecord, { topic, headers }: OrgFields): Omit<OutgoingRecord, "value"> {
  const trace = findTrace(record);
  return {
    topic,
    key: record.key,
    headers: trace?.sampled === "yes" ? [...headers, ["traceparent", trace.header]] : headers,
    timestampMs: record.timestampMs,
  };
}

function tooLarge(topic: string, bytes: number, limitBytes: number): EventFault {
  return {
    stage: "output",
    type: "output",
    code: "TOO_LARGE",
    message: `the finished event's record has ${bytes} bytes, topic ${topic} takes at most ${limitBytes}`,
  };
}
