import type { RawEventLine, RejectionCode } from "../model/contract.ts";
import { assetIdProblem, eventIdProblem, orgIdProblem, templateIdProblem } from "../model/identity.ts";
import type { RawEvent } from "../model/raw-event.ts";
import { parseTimestamp } from "../model/timestamp.ts";
import { noHeaders, scriptHeaders } from "./event-headers.ts";
import type { IntakeFault } from "./intake-fault.ts";
import { nestsDeeper } from "./json-nesting.ts";
import { readLinePayload } from "./line-payload.ts";
import { LineRecord } from "./line-record.ts";
import type { OversizeLine } from "./line-splitter.ts";

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
}

/**
 * Deepest nesting of a line, its own object counted. Writing JSON recurses: without a limit the stack's free space
 * would decide, differently from run to run. Raising it past some 4,000 exhausts that stack.
 */
export const lineNestingLevels = 512;

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

/** Longest media type, characters. */
const contentTypeCharacters = 256;

/** A line's members, parsed and not yet looked at. */
type Fields = Readonly<Record<string, unknown>>;

/** Why a line is no raw event. */
interface Problem {
  readonly code: RejectionCode;
  readonly message: string;
}

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
  const problem = findProblem(fields) ?? (nestsDeeper(bytes, lineNestingLevels) ? tooDeep : undefined);
  if (problem !== undefined) return refuse(bytes, context, problem, fields);
  const line = fields as unknown as RawEventLine;
  const timeMs = line.time === undefined ? context.nowMs : parseTimestamp(line.time);
  if (timeMs === undefined) return refuse(bytes, context, badTime, fields);
  const payload = readLinePayload(line);
  if (!(payload instanceof Uint8Array)) return refuse(bytes, context, payload, fields);
  const { payloadBytes } = context.limits;
  if (payload.byteLength > payloadBytes)
    return refuse(bytes, context, payloadTooLarge(payload, payloadBytes), fields);
  return createEvent(line, context, timeMs, payload);
}

/** The fault of a line that was too long to be kept. */
export function refuseOversizeLine(oversize: OversizeLine, context: LineContext): IntakeFault {
  const { omitted, limitBytes } = oversize;
  const message = `it has ${omitted.bytes} bytes, at most ${limitBytes} are allowed`;
  const fault = refuse(new Uint8Array(0), context, { code: "LINE_TOO_LARGE", message }, nothingRead);
  return { ...fault, payloadOmitted: omitted };
}

function createEvent(
  line: RawEventLine,
  context: LineContext,
  timeMs: number,
  payload: Uint8Array,
): RawEvent {
  // A payload given as JSON is JSON whatever the template says of its payloads.
  const contentType = line.contentType ?? (line.payload === undefined ? undefined : "application/json");
  const event: Mutable<RawEvent> = {
    orgId: line.orgId,
    assetId: line.assetId,
    eventId: line.eventId ?? derivedEventId(context),
    timeMs,
    headers: line.headers === undefined ? noHeaders : scriptHeaders(Object.entries(line.headers)),
    attributes: line.attributes ?? nothingRead,
    record: new LineRecord(context, payload, line, contentType),
  };
  if (line.templateId !== undefined) event.templateId = line.templateId;
  if (contentType !== undefined) event.contentType = contentType;
  return event;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is wrong with a line, save for the texts that stand for something else: the time and the payload. */
function findProblem(fields: Fields): Problem | undefined {
  for (const key in fields) {
    if (!knownKeys.has(key)) return badLine(`unknown key ${JSON.stringify(key)}`);
  }
  const { time, contentType, headers, attributes } = fields;
  const problem =
    idProblem("orgId", fields["orgId"], orgIdProblem) ??
    idProblem("assetId", fields["assetId"], assetIdProblem) ??
    (fields["templateId"] === undefined
      ? undefined
      : idProblem("templateId", fields["templateId"], templateIdProblem)) ??
    (fields["eventId"] === undefined ? undefined : idProblem("eventId", fields["eventId"], eventIdProblem));
  if (problem !== undefined) return problem;
  if (time !== undefined && typeof time !== "string") return badTime;
  if (contentType !== undefined && !isMediaType(contentType)) {
    return badLine(`\`contentType\` must be a string of 1 to ${contentTypeCharacters} characters`);
  }
  if (headers !== undefined && !isTextMap(headers))
    return badLine("`headers` must be an object whose values are strings");
  if (attributes === undefined || isObject(attributes)) return undefined;
  return { code: "BAD_ATTRIBUTES", message: "`attributes` must be an object" };
}

function idProblem(
  key: string,
  id: unknown,
  grammar: (id: string) => string | undefined,
): Problem | undefined {
  if (id === undefined) return badLine(`\`${key}\` is missing`);
  if (typeof id !== "string") return badLine(`\`${key}\` must be a string`);
  const problem = grammar(id);
  return problem === undefined ? undefined : { code: "BAD_ID", message: `\`${key}\` ${problem}` };
}

function isMediaType(value: unknown): boolean {
  if (typeof value !== "string" || value === "") return false;
  // JSON Schema counts characters, and a character takes at most two units.
  if (value.length <= contentTypeCharacters) return true;
  return value.length <= 2 * contentTypeCharacters && [...value].length <= contentTypeCharacters;
}

function isTextMap(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function derivedEventId(context: LineContext): string {
  return `line-${context.line}`;
}

/** The fault of a line. Its own bytes stand as the payload, for they are what must be mended. */
function refuse(bytes: Uint8Array, context: LineContext, problem: Problem, fields: Fields): IntakeFault {
  const { orgId, assetId, eventId, time } = fields;
  const { code, message } = problem;
  return {
    fault: { stage: "intake", type: "envelope", code, message: `line ${context.line}: ${message}` },
    orgId: goodId(orgId, orgIdProblem) ?? null,
    assetId: goodId(assetId, assetIdProblem) ?? null,
    eventId: goodId(eventId, eventIdProblem) ?? derivedEventId(context),
    timeMs: (typeof time === "string" ? parseTimestamp(time) : undefined) ?? context.nowMs,
    record: new LineRecord(context, bytes, nothingRead, undefined),
  };
}

function goodId(id: unknown, grammar: (id: string) => string | undefined): string | undefined {
  return typeof id === "string" && grammar(id) === undefined ? id : undefined;
}

const badTime: Problem = {
  code: "BAD_TIME",
  message: "`time` is not ISO 8601 with a zone, years 0000 to 9999",
};
const tooDeep: Problem = badLine(`it is nested deeper than ${lineNestingLevels} levels`);

function notJson(error: unknown): Problem {
  const why = error instanceof SyntaxError ? `it is not JSON: ${error.message}` : "it is not UTF-8";
  return { code: "NOT_JSON", message: why };
}

function badLine(message: string): Problem {
  return { code: "BAD_LINE", message };
}

function payloadTooLarge(payload: Uint8Array, limitBytes: number): Problem {
  const message = `the payload has ${payload.byteLength} bytes, at most ${limitBytes} are allowed`;
  return { code: "PAYLOAD_TOO_LARGE", message };
}
