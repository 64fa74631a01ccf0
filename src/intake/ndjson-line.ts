import type { RawEventLine } from "../model/contract.ts";
import { assetIdProblem, eventIdProblem, orgIdProblem, templateIdProblem } from "../model/identity.ts";
import type { RawEvent } from "../model/raw-event.ts";
import { parseTimestamp } from "../model/timestamp.ts";
import { readCloudEvent, type CloudEvent } from "./cloud-event.ts";
import {
  badTime,
  goodId,
  goodTime,
  idProblem,
  payloadSizeProblem,
  type EnvelopeProblem,
} from "./envelope-problem.ts";
import { noHeaders, scriptHeaders } from "./event-headers.ts";
import type { IntakeFault } from "./intake-fault.ts";
import { envelopeLevels, nestsDeeper } from "./json-nesting.ts";
import { readLinePayload } from "./line-payload.ts";
import { LineRecord } from "./line-record.ts";
import type { OversizeLine } from "./line-splitter.ts";
import { isStructuredMode, mediaTypeProblem } from "./media-type.ts";

export interface LineLimits {
  /** Largest payload, bytes. */
  readonly payloadBytes: number;
}

/** Where and when a line is read. */
export interface LineContext {
  /** Number of the line in its input, counted from 1. */
  readonly line: number;
  /** The moment that the input takes for now, epoch milliseconds: `time` where the line has none, and `ingested`. */
  readonly nowMs: number;
  readonly limits: LineLimits;
  /** The id of an event that has none; without it `line-{n}`. */
  readonly defaultEventId?: string;
}

const knownKeys: ReadonlySet<string> = new Set([
  "orgId",
  "assetId",
  "templateId",
  "eventId",
  "time",
  "contentType",
  "payload",
  "payloadBase64",
  "payloadHex",
  "headers",
  "attributes",
]);

/** A line's members, parsed and not yet looked at. */
type Fields = Readonly<Record<string, unknown>>;

const nothingRead: Fields = Object.freeze({});

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads one line of NDJSON, as `schemas/raw-event.schema.json` describes it, without its line break. Never throws for
 * anything that a line may hold. The checks are written out by hand, for a validator made from the schema takes several
 * times as long; a property test holds the two together.
 */
export function readLine(bytes: Uint8Array, context: LineContext): RawEvent | IntakeFault {
  let fields: unknown;
  try {
    fields = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    return refuse(bytes, context, notJson(error), nothingRead);
  }
  if (!isObject(fields)) return refuse(bytes, context, badLine("it is JSON but not an object"), nothingRead);
  const problem = findProblem(fields) ?? (nestsDeeper(bytes, envelopeLevels) ? tooDeep : undefined);
  if (problem !== undefined) return refuse(bytes, context, problem, fields);
  const event = readEvent(fields as unknown as RawEventLine, context);
  return "code" in event ? refuse(bytes, context, event, fields) : event;
}

/** The fault of a line that was too long to be kept. */
export function refuseOversizeLine(oversize: OversizeLine, context: LineContext): IntakeFault {
  const { omitted, limitBytes } = oversize;
  const message = `it has ${omitted.bytes} bytes, at most ${limitBytes} are allowed`;
  const fault = refuse(new Uint8Array(0), context, { code: "LINE_TOO_LARGE", message }, nothingRead);
  return { ...fault, payloadOmitted: omitted };
}

/** The event of a line whose fields are of the right kinds. */
function readEvent(line: RawEventLine, context: LineContext): RawEvent | EnvelopeProblem {
  const payload = readLinePayload(line);
  if (!(payload instanceof Uint8Array)) return payload;
  // A payload given as JSON is JSON whatever the template says of its payloads.
  const contentType = line.contentType ?? (line.payload === undefined ? undefined : "application/json");
  const record = new LineRecord(context, payload, line, contentType);
  if (!isStructuredMode(contentType)) return createEvent(line, { contentType, payload }, record, context);
  const cloudEvent = readCloudEvent(payload);
  if ("code" in cloudEvent) return cloudEvent;
  const filled = fillIn(line, cloudEvent);
  const { templateId, eventId } = filled;
  const problem =
    (templateId === undefined ? undefined : idProblem("`template`", templateId, templateIdProblem)) ??
    (eventId === undefined ? undefined : idProblem("`id`", eventId, eventIdProblem));
  if (problem !== undefined) return problem;
  const event = createEvent(filled, cloudEvent, record, context);
  return "code" in event ? event : { ...event, payload: cloudEvent.payload };
}

/** What a line says, or a line and the CloudEvent in it. */
interface LineFields {
  readonly orgId: string;
  readonly assetId: string;
  readonly templateId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly time?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** What the line leaves out, the CloudEvent says. */
function fillIn(line: RawEventLine, cloudEvent: CloudEvent): LineFields {
  return {
    ...line,
    templateId: line.templateId ?? cloudEvent.templateId,
    eventId: line.eventId ?? cloudEvent.eventId,
    time: line.time ?? cloudEvent.time,
    headers: { ...cloudEvent.headers, ...line.headers },
  };
}

function createEvent(
  line: LineFields,
  content: { readonly contentType: string | undefined; readonly payload: Uint8Array },
  record: LineRecord,
  context: LineContext,
): RawEvent | EnvelopeProblem {
  const { contentType, payload } = content;
  const timeMs = line.time === undefined ? context.nowMs : parseTimestamp(line.time);
  if (timeMs === undefined) return badTime;
  const problem = payloadSizeProblem(payload, context.limits.payloadBytes);
  if (problem !== undefined) return problem;
  const event: Mutable<RawEvent> = {
    orgId: line.orgId,
    assetId: line.assetId,
    eventId: line.eventId ?? derivedEventId(context),
    timeMs,
    headers: line.headers === undefined ? noHeaders : scriptHeaders(Object.entries(line.headers)),
    attributes: line.attributes ?? nothingRead,
    record,
  };
  if (line.templateId !== undefined) event.templateId = line.templateId;
  if (contentType !== undefined) event.contentType = contentType;
  return event;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is wrong with a line, save for the texts that stand for something else: the time and the payload. */
function findProblem(fields: Fields): EnvelopeProblem | undefined {
  for (const key in fields) {
    if (!knownKeys.has(key)) return badLine(`unknown key ${JSON.stringify(key)}`);
  }
  const { time, contentType, headers, attributes } = fields;
  const problem =
    fieldProblem("orgId", fields["orgId"], orgIdProblem) ??
    fieldProblem("assetId", fields["assetId"], assetIdProblem) ??
    (fields["templateId"] === undefined
      ? undefined
      : fieldProblem("templateId", fields["templateId"], templateIdProblem)) ??
    (fields["eventId"] === undefined
      ? undefined
      : fieldProblem("eventId", fields["eventId"], eventIdProblem));
  if (problem !== undefined) return problem;
  if (time !== undefined && typeof time !== "string") return badTime;
  if (contentType !== undefined) {
    const wrong = mediaTypeProblem(typeof contentType === "string" ? contentType : "");
    if (wrong !== undefined) return badLine(`\`contentType\` ${wrong}`);
  }
  if (headers !== undefined && !isTextMap(headers))
    return badLine("`headers` must be an object whose values are strings");
  if (attributes === undefined || isObject(attributes)) return undefined;
  return { code: "BAD_ATTRIBUTES", message: "`attributes` must be an object" };
}

function fieldProblem(
  key: string,
  id: unknown,
  grammar: (id: string) => string | undefined,
): EnvelopeProblem | undefined {
  if (id === undefined) return badLine(`\`${key}\` is missing`);
  if (typeof id !== "string") return badLine(`\`${key}\` must be a string`);
  return idProblem(`\`${key}\``, id, grammar);
}

function isTextMap(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function derivedEventId(context: LineContext): string {
  return context.defaultEventId ?? `line-${context.line}`;
}

/** The fault of a line. Its own bytes stand as the payload, for they are what must be mended. */
function refuse(
  bytes: Uint8Array,
  context: LineContext,
  problem: EnvelopeProblem,
  fields: Fields,
): IntakeFault {
  const { orgId, assetId, eventId, time } = fields;
  const { code, message } = problem;
  return {
    fault: { stage: "intake", type: "envelope", code, message: `line ${context.line}: ${message}` },
    orgId: goodId(orgId, orgIdProblem),
    assetId: goodId(assetId, assetIdProblem),
    eventId: goodId(eventId, eventIdProblem) ?? derivedEventId(context),
    timeMs: goodTime(time, context.nowMs),
    record: new LineRecord(context, bytes, nothingRead, undefined),
  };
}

const tooDeep: EnvelopeProblem = badLine(`it is nested deeper than ${envelopeLevels} levels`);

function notJson(error: unknown): EnvelopeProblem {
  const why = error instanceof SyntaxError ? `it is not JSON: ${error.message}` : "it is not UTF-8";
  return { code: "NOT_JSON", message: why };
}

function badLine(message: string): EnvelopeProblem {
  return { code: "BAD_LINE", message };
}
