import type { InputRecord } from "../model/raw-event.ts";
import { isEnvelopeHeader } from "./event-headers.ts";

type RecordHeader = InputRecord["headers"][number];

/** What of a line's envelope goes into its record's headers. */
export interface LineEnvelope {
  readonly templateId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/**
 * The record of one line of NDJSON. Its headers are those that the same event would have on Kafka, besides org, asset,
 * event id and time, which every rejection states. Only a rejection ever reads them, so they are made when asked for:
 * made with each line they would cost a tenth of its reading, and a getter costs nothing only on a class.
 */
export class LineRecord implements InputRecord {
  readonly topic = null;
  readonly partition = null;
  readonly key = null;
  readonly offset: number;
  readonly timestampMs: number;
  readonly payload: Uint8Array;
  readonly #envelope: LineEnvelope;
  readonly #contentType: string | undefined;

  /** `at` is where and when the line was read; `contentType` the media type that its payload has for certain. */
  constructor(
    at: { readonly line: number; readonly nowMs: number },
    payload: Uint8Array,
    envelope: LineEnvelope,
    contentType: string | undefined,
  ) {
    this.offset = at.line;
    this.timestampMs = at.nowMs;
    this.payload = payload;
    this.#envelope = envelope;
    this.#contentType = contentType;
  }

  get headers(): readonly RecordHeader[] {
    const { templateId, headers = {}, attributes } = this.#envelope;
    const texts: [string, string][] = [];
    if (this.#contentType !== undefined) texts.push(["content-type", this.#contentType]);
    if (templateId !== undefined) texts.push(["template", templateId]);
    if (attributes !== undefined) texts.push(["attributes", JSON.stringify(attributes)]);
    for (const [name, value] of Object.entries(headers)) {
      // In a line the envelope's names mean nothing, save for the one that has no field of its own.
      const lowerName = name.toLowerCase();
      if (lowerName === "traceparent" || !isEnvelopeHeader(lowerName)) texts.push([name, value]);
    }
    return texts.map(([name, value]) => [name, Buffer.from(value, "utf8")]);
  }
}
