import { assetIdProblem, eventIdProblem, orgIdProblem, templateIdProblem } from "../model/identity.ts";
import type { InputRecord, RawEvent } from "../model/raw-event.ts";
import { earliestTimeMs, isContractTime, latestTimeMs, parseTimestamp } from "../model/timestamp.ts";
import { readCloudEvent, type CloudEvent } from "./cloud-event.ts";
import {
  badTime,
  goodId,
  goodTime,
  idProblem,
  inputTimeProblem,
  payloadSizeProblem,
  type EnvelopeProblem,
} from "./envelope-problem.ts";
import type { IntakeFault } from "./intake-fault.ts";
import { isStructuredMode, mediaTypeProblem } from "./media-type.ts";
import { readAttributes } from "./record-attributes.ts";
import { readRecordHeaders, type RecordHeaders } from "./record-headers.ts";
import { assetOfKey, findOrg, type RecordOrg } from "./record-identity.ts";

/** What all records of a topic have in common. */
export interface RecordContext {
  /** Tells the topic from an earlier one of the same name; it goes into the event ids that are derived. */
  readonly topicId: string;
  /** The org that the topic's name says, where the input is a pattern such as `ingest.{org}`. */
  readonly topicOrgId?: string;
  readonly limits: {
    /** Largest payload, bytes. */
    readonly payloadBytes: number;
  };
}

/** Reads one record. Never throws for anything that a record may hold. */
export type ReadRecord = (record: InputRecord) => RawEvent | IntakeFault;

/** What a record says of itself, from its headers, its key and the CloudEvent in it; nothing of it is checked. */
interface RecordFields {
  readonly org: RecordOrg;
  readonly assetId: string | undefined;
  readonly templateId: string | undefined;
  readonly eventId: string | undefined;
  readonly time: string | undefined;
}

/** Reads the records of one topic as raw events, alike with the lines of NDJSON that have the same fields. */
export function createRecordReader(context: RecordContext): ReadRecord {
  const { topicOrgId, limits } = context;
  return (record) => {
    const headers = readRecordHeaders(record.headers);
    const content = readContent(record, headers);
    const fields = readFields(record, headers, content.cloudEvent, topicOrgId);
    const attributes = readAttributes(headers);
    const problem =
      headers.problem ??
      content.problem ??
      fieldsProblem(fields) ??
      attributes.problem ??
      inputTimeProblem(record.timestampMs) ??
      payloadSizeProblem(content.payload, limits.payloadBytes);
    if (problem !== undefined) return refuse(record, fields, problem, context);
    const { time } = fields;
    const timeMs = time === undefined ? record.timestampMs : parseTimestamp(time);
    if (timeMs === undefined) return refuse(record, fields, badTime, context);
    const event: Mutable<RawEvent> = {
      orgId: fields.org.orgId as string,
      assetId: fields.assetId as string,
      eventId: fields.eventId ?? derivedEventId(record, context),
      timeMs,
      headers: content.headers,
      attributes: attributes.value,
      record,
    };
    if (fields.templateId !== undefined) event.templateId = fields.templateId;
    if (content.contentType !== undefined) event.contentType = content.contentType;
    if (content.cloudEvent !== undefined) event.payload = content.payload;
    return event;
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What scripts get to see of a record. */
interface RecordContent {
  readonly contentType: string | undefined;
  readonly headers: RawEvent["headers"];
  readonly payload: Uint8Array;
  readonly cloudEvent?: CloudEvent;
  readonly problem?: EnvelopeProblem;
}

function readContent({ payload }: InputRecord, { forScripts, find }: RecordHeaders): RecordContent {
  const contentType = find("content-type", "content-type");
  const plain = { contentType, headers: forScripts, payload };
  if (contentType === undefined) return plain;
  const wrong = mediaTypeProblem(contentType);
  if (wrong !== undefined) {
    return { ...plain, problem: { code: "BAD_HEADER", message: `\`content-type\` ${wrong}` } };
  }
  if (!isStructuredMode(contentType)) return plain;
  const cloudEvent = readCloudEvent(payload);
  if ("code" in cloudEvent) return { ...plain, problem: cloudEvent };
  const headers = { ...cloudEvent.headers, ...forScripts };
  return { contentType: cloudEvent.contentType, headers, payload: cloudEvent.payload, cloudEvent };
}

function readFields(
  record: InputRecord,
  headers: RecordHeaders,
  cloudEvent: CloudEvent | undefined,
  topicOrgId: string | undefined,
): RecordFields {
  const named = headers.find("ce_org", "org") ?? cloudEvent?.orgId;
  const org = findOrg(record.key, named, topicOrgId);
  return {
    org,
    assetId: headers.find("ce_asset", "asset") ?? cloudEvent?.assetId ?? assetOfKey(record.key, org.orgId),
    templateId: headers.find("ce_template", "template") ?? cloudEvent?.templateId,
    eventId: headers.find("ce_id", "event-id") ?? cloudEvent?.eventId,
    time: headers.find("ce_time", "time") ?? cloudEvent?.time,
  };
}

function fieldsProblem({ org, assetId, templateId, eventId }: RecordFields): EnvelopeProblem | undefined {
  return (
    org.problem ??
    (assetId === undefined ? noAsset : idProblem("the asset id", assetId, assetIdProblem)) ??
    (templateId === undefined ? undefined : idProblem("the template id", templateId, templateIdProblem)) ??
    (eventId === undefined ? undefined : idProblem("the event id", eventId, eventIdProblem))
  );
}

const noAsset: EnvelopeProblem = {
  code: "NO_ASSET",
  message: "neither the header `asset` nor a key `{org}/{asset}` names an asset",
};

/** The topic's id is part of it: a topic that was made anew counts its offsets from 0 again. */
function derivedEventId({ topic, partition, offset }: InputRecord, { topicId }: RecordContext): string {
  return `${topic}.${topicId}.${partition}.${offset}`;
}

function refuse(
  record: InputRecord,
  { org, assetId, eventId, time }: RecordFields,
  { code, message }: EnvelopeProblem,
  context: RecordContext,
): IntakeFault {
  const stated = withContractTime(record);
  return {
    fault: { stage: "intake", type: "envelope", code, message },
    orgId: goodId(org.orgId, orgIdProblem),
    assetId: goodId(assetId, assetIdProblem),
    eventId: goodId(eventId, eventIdProblem) ?? derivedEventId(record, context),
    timeMs: goodTime(time, stated.timestampMs),
    record: stated,
  };
}

/** A rejection must be able to state the record's timestamp, also one that is refused for it. */
function withContractTime(record: InputRecord): InputRecord {
  const { timestampMs } = record;
  if (isContractTime(timestampMs)) return record;
  return { ...record, timestampMs: timestampMs < earliestTimeMs ? earliestTimeMs : latestTimeMs };
}
