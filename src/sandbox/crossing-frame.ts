import { MillraceError } from "../model/error.ts";
import { createTimestampWriter } from "../outlet/timestamp-text.ts";
import type { SandboxEvent } from "./port.ts";

/**
 * How a crossing is asked for.
 * - `group`: all events and all stages in one call into the isolate;
 * - `single`: one event, a call for each stage with its CPU time measured, in the org's isolate as it stands;
 * - `alone`: the same in an isolate that has run nothing before, which is what a verdict rests on.
 */
export const crossingModes = ["group", "single", "alone"] as const;
export type CrossingMode = (typeof crossingModes)[number];

/** Int32 words that describe one event, in this order. */
export const eventWords = {
  assetIdLength: 0,
  eventIdLength: 1,
  timeLength: 2,
  headersLength: 3,
  attributesLength: 4,
  payloadKind: 5,
  payloadBytes: 6,
  debug: 7,
} as const;
/** Words per event; a multiple of two keeps what follows aligned for float64. */
export const eventStride = 8;

/** What `run` carries, as the executor reads it. `text` holds all strings end to end; lengths are UTF-16 units. */
export interface CrossingRequest {
  readonly mode: CrossingMode;
  readonly templateNumber: number;
  readonly count: number;
  readonly text: string;
  /** The block's numbers alone: they are read here when the block itself has moved into an isolate. */
  readonly numbers: ArrayBuffer;
  /**
   * A new copy of the block: two float64 an event (`time`, `ingested`), then {@link eventStride} Int32 words an event,
   * then the payloads.
   */
  takeBlock(): ArrayBuffer;
}

const headBytes = 20;
const payloadKinds = { bytes: 0, json: 1 } as const;

/** Byte offset of the Int32 words in a block. */
export function wordsOffset(count: number): number {
  return count * 16;
}

/** Byte offset of the payloads in a block. */
export function payloadsOffset(count: number): number {
  return count * 16 + count * eventStride * 4;
}

/** The body of a `run` frame. */
export function encodeCrossing(
  mode: CrossingMode,
  templateNumber: number,
  events: readonly SandboxEvent[],
): Buffer {
  const count = events.length;
  let payloadBytes = 0;
  for (const event of events) payloadBytes += event.payload.length;
  let text = "";
  const blockBytes = payloadsOffset(count) + payloadBytes;
  const block = new ArrayBuffer(blockBytes);
  const times = new Float64Array(block, 0, count * 2);
  const words = new Int32Array(block, wordsOffset(count), count * eventStride);
  const payloads = new Uint8Array(block, payloadsOffset(count));
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const event = events[index] as SandboxEvent;
    const time = isoTime(event.timeMs);
    text += event.assetId + event.eventId + time + event.headersJson + event.attributesJson;
    times[index * 2] = event.timeMs;
    times[index * 2 + 1] = event.ingestedMs;
    writeWords(words, index * eventStride, event, time.length);
    payloads.set(event.payload, at);
    at += event.payload.length;
  }
  const textBytes = Buffer.from(text, "utf8");
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32LE(crossingModes.indexOf(mode), 0);
  head.writeUInt32LE(templateNumber, 4);
  head.writeUInt32LE(count, 8);
  head.writeUInt32LE(textBytes.length, 12);
  head.writeUInt32LE(blockBytes, 16);
  return Buffer.concat([head, textBytes, new Uint8Array(block)]);
}

function writeWords(words: Int32Array, base: number, event: SandboxEvent, timeLength: number): void {
  words[base + eventWords.assetIdLength] = event.assetId.length;
  words[base + eventWords.eventIdLength] = event.eventId.length;
  words[base + eventWords.timeLength] = timeLength;
  words[base + eventWords.headersLength] = event.headersJson.length;
  words[base + eventWords.attributesLength] = event.attributesJson.length;
  words[base + eventWords.payloadKind] = payloadKinds[event.payloadKind];
  words[base + eventWords.payloadBytes] = event.payload.length;
  words[base + eventWords.debug] = event.debug === "on" ? 1 : 0;
}

/** UTF-16 units that one event's strings take of a crossing's text. */
export function textLengthOf(words: Int32Array, base: number): number {
  let length = 0;
  for (let word = eventWords.assetIdLength; word <= eventWords.attributesLength; word += 1)
    length += words[base + word] as number;
  return length;
}

/** Reads the body of a `run` frame. Throws `WIRE` where it is none. */
export function decodeCrossing(body: Buffer): CrossingRequest {
  if (body.length < headBytes) throw new MillraceError("WIRE", "a run frame has no head");
  const mode = crossingModes[body.readUInt32LE(0)];
  if (mode === undefined) throw new MillraceError("WIRE", `crossing mode ${body.readUInt32LE(0)} is unknown`);
  const textBytes = body.readUInt32LE(12);
  const blockBytes = body.readUInt32LE(16);
  const blockStart = headBytes + textBytes;
  const count = body.readUInt32LE(8);
  if (blockStart + blockBytes !== body.length || payloadsOffset(count) > blockBytes)
    throw new MillraceError("WIRE", "a run frame has a wrong length");
  return {
    mode,
    templateNumber: body.readUInt32LE(4),
    count,
    text: body.toString("utf8", headBytes, blockStart),
    numbers: copyBytes(body, blockStart, payloadsOffset(count)),
    takeBlock: () => copyBytes(body, blockStart, blockBytes),
  };
}

/** Cuts a request into one for each of its events. */
export function splitRequest(request: CrossingRequest): CrossingRequest[] {
  if (request.count === 1) return [request];
  const whole = request.takeBlock();
  const words = new Int32Array(whole, wordsOffset(request.count), request.count * eventStride);
  const times = new Float64Array(whole, 0, request.count * 2);
  const payloads = new Uint8Array(whole, payloadsOffset(request.count));
  const split: CrossingRequest[] = [];
  let textAt = 0;
  let payloadAt = 0;
  for (let index = 0; index < request.count; index += 1) {
    const own = words.subarray(index * eventStride, (index + 1) * eventStride);
    const textLength = textLengthOf(own, 0);
    const payloadLength = own[eventWords.payloadBytes] as number;
    const block = new ArrayBuffer(payloadsOffset(1) + payloadLength);
    new Float64Array(block, 0, 2).set(times.subarray(index * 2, index * 2 + 2));
    new Int32Array(block, wordsOffset(1), eventStride).set(own);
    new Uint8Array(block, payloadsOffset(1)).set(payloads.subarray(payloadAt, payloadAt + payloadLength));
    split.push({
      ...request,
      count: 1,
      text: request.text.slice(textAt, textAt + textLength),
      numbers: block.slice(0, payloadsOffset(1)),
      takeBlock: () => block.slice(0),
    });
    textAt += textLength;
    payloadAt += payloadLength;
  }
  return split;
}

function copyBytes(from: Buffer, start: number, length: number): ArrayBuffer {
  const copy = new ArrayBuffer(length);
  new Uint8Array(copy).set(from.subarray(start, start + length));
  return copy;
}

/** ISO 8601 in UTC. */
export const isoTime = createTimestampWriter();
