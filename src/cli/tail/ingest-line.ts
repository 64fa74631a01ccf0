import { isEnvelopeHeader } from "../../intake/event-headers.ts";
import { payloadKind } from "../../intake/media-type.ts";
import { formatTimestamp, isContractTime } from "../../model/timestamp.ts";
import type { LogRecord } from "../../stream/port.ts";
import { lossyText, textOf } from "./record-line.ts";

/**
 * A record of the ingest topic as a line of NDJSON that `run` and `produce` take, with the payload as readable as it can
 * be without a byte of it changing. What the record does not say is left out.
 */
export function ingestLine(record: LogRecord): string {
  const headers = new Map(record.headers.map(([name, value]) => [name.toLowerCase(), lossyText(value)]));
  const envelope = (name: string): string | undefined => headers.get(`ce_${name}`) ?? headers.get(name);
  const key = record.key === null ? "" : lossyText(record.key);
  const slash = key.indexOf("/");
  const contentType = headers.get("content-type");
  const own = [...headers].filter(([name]) => name === "traceparent" || !isEnvelopeHeader(name));
  return JSON.stringify({
    orgId: envelope("org") ?? (slash === -1 ? key : key.slice(0, slash)),
    assetId: envelope("asset") ?? (slash === -1 ? undefined : key.slice(slash + 1)),
    templateId: envelope("template"),
    eventId: headers.get("ce_id") ?? headers.get("event-id"),
    time: envelope("time") ?? timeOf(record),
    contentType,
    ...payloadField(record.value ?? new Uint8Array(0), contentType),
    headers: own.length === 0 ? undefined : Object.fromEntries(own),
    attributes: readAttributes(headers.get("attributes")),
  });
}

function timeOf({ timestampMs }: LogRecord): string | undefined {
  return isContractTime(timestampMs) ? formatTimestamp(timestampMs) : undefined;
}

function payloadField(bytes: Uint8Array, contentType: string | undefined): Readonly<Record<string, unknown>> {
  const text = contentType === undefined ? undefined : textOf(bytes);
  const payload = text === undefined ? undefined : readablePayload(text, contentType);
  return payload ?? { payloadBase64: Buffer.from(bytes).toString("base64") };
}

/** A text stands for its own characters; JSON only where writing it again gives the same bytes. */
function readablePayload(
  text: string,
  contentType: string | undefined,
): { readonly payload: unknown } | undefined {
  if (payloadKind(contentType, undefined) === "bytes") {
    return contentType?.startsWith("text/") ? { payload: text } : undefined;
  }
  try {
    const payload: unknown = JSON.parse(text);
    return JSON.stringify(payload) === text ? { payload } : undefined;
  } catch {
    return undefined;
  }
}

function readAttributes(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
