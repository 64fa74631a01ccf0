import type { EventMetadata } from "./entry-points.ts";
import { placelessFault } from "./guest-fault.ts";
import {
  jsonParse,
  NativeFloat64Array,
  NativeInt32Array,
  NativeUint8Array,
  stringSlice,
} from "./primordials.ts";
import { startRun, type EventRun, type LoadedTemplate } from "./stage-run.ts";

/** Float64 and Int32 words an event in the crossing's block, as the executor writes them. */
const timesPerEvent = 2;
const wordsPerEvent = 8;

/** The number of each of an event's words. */
const arrivalWords = {
  asset: 0,
  event: 1,
  time: 2,
  headers: 3,
  attributes: 4,
  kind: 5,
  length: 6,
  debug: 7,
} as const;

/** What a crossing brought, and how far it has been read; events are read once, in order. */
export interface Arrivals {
  readonly text: string;
  readonly jsonText: string;
  readonly times: Float64Array;
  readonly words: Int32Array;
  readonly payloads: Uint8Array;
  textAt: number;
  jsonAt: number;
  payloadAt: number;
}

export type MakeBuffer = (bytes: Uint8Array, start: number, length: number) => Uint8Array;

/** Lays the crossing's parts out: strings end to end, JSON payloads end to end, numbers and other payloads. */
export function openArrivals(count: number, text: string, jsonText: string, block: ArrayBuffer): Arrivals {
  const timesBytes = count * timesPerEvent * 8;
  return {
    text,
    jsonText,
    times: new NativeFloat64Array(block, 0, count * timesPerEvent),
    words: new NativeInt32Array(block, timesBytes, count * wordsPerEvent),
    payloads: new NativeUint8Array(block, timesBytes + count * wordsPerEvent * 4),
    textAt: 0,
    jsonAt: 0,
    payloadAt: 0,
  };
}

/** The instant that the event's scripts are told, in ms since 1970. */
export function clockOf(at: Arrivals, index: number): number {
  return at.times[index * timesPerEvent] as number;
}

export function wantsDebug(at: Arrivals, index: number): boolean {
  return at.words[index * wordsPerEvent + arrivalWords.debug] === 1;
}

/** Reads what the stages get as `metadata`. */
export function readMetadata(at: Arrivals, index: number, loaded: LoadedTemplate): EventMetadata {
  const base = index * wordsPerEvent;
  const assetId = nextText(at, base + arrivalWords.asset);
  const eventId = nextText(at, base + arrivalWords.event);
  const time = nextText(at, base + arrivalWords.time);
  const headers = nextText(at, base + arrivalWords.headers);
  const attributes = nextText(at, base + arrivalWords.attributes);
  return {
    orgId: loaded.orgId,
    assetId,
    templateId: loaded.templateId,
    templateVersion: loaded.templateVersion,
    eventId,
    time,
    headers: headers === "{}" ? {} : (jsonParse(headers) as Record<string, string>),
    attributes: attributes === "{}" ? {} : (jsonParse(attributes) as Record<string, unknown>),
    secrets: {},
  };
}

/** Reads the payload, and starts the event's run with it. A payload that is not what it says is a fault of the run. */
export function readPayload(
  at: Arrivals,
  index: number,
  metadata: EventMetadata,
  makeBuffer: MakeBuffer,
): EventRun {
  const base = index * wordsPerEvent;
  const length = at.words[base + arrivalWords.length] as number;
  const kind = at.words[base + arrivalWords.kind];
  if (kind === 0) {
    const buffer = makeBuffer(at.payloads, at.payloadAt, length);
    at.payloadAt += length;
    return startRun(buffer, undefined, metadata);
  }
  const text = stringSlice(at.jsonText, at.jsonAt, at.jsonAt + length);
  at.jsonAt += length;
  const started = startRun(undefined, text, metadata);
  try {
    if (kind === 1) started.value = jsonParse(text);
    else started.fault = placelessFault("PAYLOAD_NOT_JSON", "the payload is not UTF-8, which JSON must be");
  } catch (thrown) {
    const { message } = thrown as Error;
    started.fault = placelessFault("PAYLOAD_NOT_JSON", `the payload is not JSON: ${message}`);
  }
  return started;
}

function nextText(at: Arrivals, word: number): string {
  const start = at.textAt;
  at.textAt = start + (at.words[word] as number);
  return stringSlice(at.text, start, at.textAt);
}
