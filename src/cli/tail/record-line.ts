import { formatTimestamp, isContractTime } from "../../model/timestamp.ts";
import type { LogRecord } from "../../stream/port.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of some bytes; `undefined` where they are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * A record's value as one line of JSON. What Millrace wrote is shown byte by byte; anything else that may stand in a
 * topic becomes JSON: a text a string, other bytes `{"base64":…}`.
 */
export function valueLine(value: Uint8Array | null): string {
  if (value === null) return "null";
  const text = textOf(value);
  if (text === undefined) return JSON.stringify({ base64: Buffer.from(value).toString("base64") });
  try {
    const parsed: unknown = JSON.parse(text);
    // A line break is only allowed between the parts of JSON, where it means nothing.
    return /[\r\n]/.test(text) ? JSON.stringify(parsed) : text;
  } catch {
    return JSON.stringify(text);
  }
}

/** A line with where its record stands and what is around its value. */
export function withRecord(record: LogRecord, line: string): string {
  const { topic, partition, offset, timestampMs, key, headers } = record;
  const head = {
    topic,
    partition,
    offset,
    timestamp: isContractTime(timestampMs) ? formatTimestamp(timestampMs) : timestampMs,
    key: key === null ? null : lossyText(key),
    headers: headers.map(([name, value]) => [name, lossyText(value)]),
  };
  return `${JSON.stringify(head).slice(0, -1)},"value":${line}}`;
}

/** As a person may read it: what is no UTF-8 shows as replacement characters. */
export function lossyText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
