import type { IncomingMessage } from "node:http";
import { scriptHeaders } from "../intake/event-headers.ts";
import { noEventId } from "../intake/event-record.ts";
import { envelopeLevels, nestsDeeper } from "../intake/json-nesting.ts";
import { LineRecord, type LineEnvelope } from "../intake/line-record.ts";
import { assetIdProblem, eventIdProblem, orgIdProblem, templateIdProblem } from "../model/identity.ts";
import type { RawEvent } from "../model/raw-event.ts";
import { parseTimestamp } from "../model/timestamp.ts";
import { readBareHeaders, type BareHeaders } from "./bare-headers.ts";
import { refuse, type Refusal } from "./refusal.ts";

/** What stands around a bare payload: everything of its event but the payload. */
export type BareEnvelope = Pick<RawEvent, "orgId" | "assetId" | "eventId" | "timeMs" | "contentType"> & {
  readonly kind: "envelope";
  readonly record: LineEnvelope;
};

/** Reads path and headers of a request whose body is the payload itself. */
export function readBareEnvelope(
  path: { readonly org: string; readonly asset: string },
  request: IncomingMessage,
  nowMs: number,
): BareEnvelope | Refusal {
  const given = readBareHeaders(request.headersDistinct);
  if (given.kind === "refused") return given;
  const { eventId, template, time, contentType } = given;
  const problem =
    idProblem("the org in the path", path.org, orgIdProblem) ??
    idProblem("the asset in the path", path.asset, assetIdProblem) ??
    idProblem("Millrace-Event-Id", eventId, eventIdProblem) ??
    idProblem("Millrace-Template", template, templateIdProblem);
  if (problem !== undefined) return problem;
  const timeMs = time === undefined ? nowMs : parseTimestamp(time);
  if (timeMs === undefined) return badTime;
  const record = readRecordEnvelope(given);
  if ("kind" in record) return record;
  return {
    kind: "envelope",
    orgId: path.org,
    assetId: path.asset,
    eventId: eventId ?? noEventId,
    timeMs,
    ...(contentType !== undefined && { contentType }),
    record,
  };
}

/** The event of an envelope and its payload. */
export function createBareEvent(envelope: BareEnvelope, payload: Uint8Array, nowMs: number): RawEvent {
  const { kind: _kind, record, ...event } = envelope;
  return {
    ...event,
    ...(record.templateId !== undefined && { templateId: record.templateId }),
    headers: scriptHeaders(Object.entries(record.headers ?? {})),
    attributes: record.attributes ?? {},
    record: new LineRecord({ line: 1, nowMs }, payload, record, event.contentType),
  };
}

const badTime = refuse(400, "BAD_TIME", "Millrace-Time is not ISO 8601 with a zone, years 0000 to 9999");
const badAttributes = refuse(400, "BAD_ATTRIBUTES", "Millrace-Attributes is not one JSON object");

function readRecordEnvelope({ template, attributes, traceparent, own }: BareHeaders): LineEnvelope | Refusal {
  const parsed = attributes === undefined ? undefined : readAttributes(attributes);
  if (parsed !== undefined && "kind" in parsed) return parsed;
  return {
    ...(template !== undefined && { templateId: template }),
    ...(parsed !== undefined && { attributes: parsed.attributes }),
    headers: { ...own, ...(traceparent !== undefined && { traceparent }) },
  };
}

function readAttributes(json: string): { readonly attributes: Record<string, unknown> } | Refusal {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isObject || nestsDeeper(Buffer.from(json), envelopeLevels)) return badAttributes;
    return { attributes: value as Record<string, unknown> };
  } catch {
    return badAttributes;
  }
}

function idProblem(
  name: string,
  id: string | undefined,
  grammar: (id: string) => string | undefined,
): Refusal | undefined {
  const problem = id === undefined ? undefined : grammar(id);
  return problem === undefined ? undefined : refuse(400, "BAD_ID", `${name} ${problem}`);
}
