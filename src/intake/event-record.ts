import type { InputRecord, RawEvent } from "../model/raw-event.ts";
import { formatTimestamp } from "../model/timestamp.ts";

/** What of a raw event becomes a record of the ingest topic. */
export interface IngestRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly headers: [name: string, value: Uint8Array][];
}

/** The event id of an event whose producer gave none: its record's place will stand for one. */
export const noEventId = "";

/**
 * The record that says the same as the event does: read again it is the same event, save that halves of surrogate
 * pairs in headers become U+FFFD, for a record's headers are bytes. The key holds the asset, so that its events keep
 * their order. The time is always written: it is that of the first trusted hop, and the record's is only the log's.
 */
export function toIngestRecord(event: RawEvent): IngestRecord {
  const { orgId, assetId, templateId, eventId, timeMs, contentType, record } = event;
  const headers: [string, Uint8Array][] = [];
  const add = (name: string, text: string): void => void headers.push([name, Buffer.from(text, "utf8")]);
  add("org", orgId);
  add("asset", assetId);
  add("time", formatTimestamp(timeMs));
  if (eventId !== noEventId) add("event-id", eventId);
  if (templateId !== undefined) add("template", templateId);
  if (contentType !== undefined) add("content-type", contentType);
  const attributes = JSON.stringify(event.attributes);
  if (attributes !== "{}") add("attributes", attributes);
  const traceparent = findTraceparent(record);
  if (traceparent !== undefined) headers.push(["traceparent", traceparent]);
  for (const [name, text] of Object.entries(event.headers)) add(name, text);
  const key = Buffer.from(`${orgId}/${assetId}`, "utf8");
  return { key, value: event.payload ?? record.payload, headers };
}

/** An event does not hold it; its record does. */
function findTraceparent({ headers }: InputRecord): Uint8Array | undefined {
  return headers.findLast(([name]) => name.toLowerCase() === "traceparent")?.[1];
}
