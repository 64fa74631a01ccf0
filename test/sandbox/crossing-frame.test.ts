import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  crossingModes,
  decodeCrossing,
  encodeCrossing,
  eventStride,
  eventWords,
  isoTime,
  payloadsOffset,
  splitRequest,
  textLengthOf,
  wordsOffset,
  type CrossingRequest,
} from "../../src/sandbox/crossing-frame.ts";
import type { SandboxEvent } from "../../src/sandbox/port.ts";
import { eventOf } from "./small-template.ts";

const text = fc.string({ unit: "binary", maxLength: 12 }).filter((string) => string.isWellFormed());

const events = fc.array(
  fc.record({
    eventId: text,
    assetId: text,
    timeMs: fc.integer({ min: 0, max: 4e12 }),
    ingestedMs: fc.integer({ min: 0, max: 4e12 }),
    payloadKind: fc.constantFrom("json" as const, "bytes" as const),
    headersJson: text,
    attributesJson: text,
    payload: fc.uint8Array({ maxLength: 30 }),
    debug: fc.constantFrom("on" as const, "off" as const),
  }),
  { minLength: 1, maxLength: 9 },
);

/** The events of a request, read as an executor and its guest read them. */
function eventsOf(request: CrossingRequest): SandboxEvent[] {
  const block = request.takeBlock();
  const words = new Int32Array(block, wordsOffset(request.count), request.count * eventStride);
  const times = new Float64Array(block, 0, request.count * 2);
  let textAt = 0;
  let payloadAt = payloadsOffset(request.count);
  return Array.from({ length: request.count }, (_none, index) => {
    const word = (name: keyof typeof eventWords): number =>
      words[index * eventStride + eventWords[name]] as number;
    const next = (length: number): string => request.text.slice(textAt, (textAt += length));
    const assetId = next(word("assetIdLength"));
    const eventId = next(word("eventIdLength"));
    const time = next(word("timeLength"));
    const headersJson = next(word("headersLength"));
    const attributesJson = next(word("attributesLength"));
    const payload = new Uint8Array(block.slice(payloadAt, (payloadAt += word("payloadBytes"))));
    expect(time).toBe(new Date(times[index * 2] as number).toISOString());
    return {
      eventId,
      assetId,
      timeMs: times[index * 2] as number,
      ingestedMs: times[index * 2 + 1] as number,
      payloadKind: word("payloadKind") === 1 ? "json" : "bytes",
      headersJson,
      attributesJson,
      payload,
      debug: word("debug") === 1 ? "on" : "off",
    };
  });
}

describe("a run frame", () => {
  test("carries the events, the mode and the template whole", () => {
    fc.assert(
      fc.property(events, fc.constantFrom(...crossingModes), fc.nat(2 ** 31), (sent, mode, template) => {
        const request = decodeCrossing(encodeCrossing(mode, template, sent));
        expect(request).toMatchObject({ mode, templateNumber: template, count: sent.length });
        expect(eventsOf(request)).toEqual(sent);
      }),
    );
  });

  test("cut into one request an event says the same of each", () => {
    fc.assert(
      fc.property(events, (sent) => {
        const parts = splitRequest(decodeCrossing(encodeCrossing("group", 1, sent)));
        expect(parts.flatMap(eventsOf)).toEqual(sent);
        expect(parts.map(({ count }) => count)).toEqual(sent.map(() => 1));
      }),
    );
  });

  test("gives its block anew each time, for a block moves into an isolate and is gone", () => {
    const request = decodeCrossing(encodeCrossing("group", 1, [eventOf(1, { a: 1 })]));
    const first = request.takeBlock();
    new Uint8Array(first).fill(0);
    expect(eventsOf(request)).toEqual([
      { ...eventOf(1, { a: 1 }), payload: new Uint8Array(eventOf(1, { a: 1 }).payload) },
    ]);
  });

  test("counts text in UTF-16 units, which is what strings are cut by", () => {
    const event = eventOf(1, 1, { assetId: "é", eventId: "🦉", attributesJson: '{"å":"🦉"}' });
    const request = decodeCrossing(encodeCrossing("group", 1, [event]));
    const words = new Int32Array(request.numbers, wordsOffset(1), eventStride);
    expect(textLengthOf(words, 0)).toBe(request.text.length);
  });

  test("that is cut short, too long or of an unknown mode is refused with WIRE", () => {
    const body = encodeCrossing("group", 1, [eventOf(1, { a: 1 }), eventOf(2, {})]);
    for (let length = 0; length < body.length; length += 1)
      expect(() => decodeCrossing(body.subarray(0, length))).toThrow(
        expect.objectContaining({ code: "WIRE" }),
      );
    expect(() => decodeCrossing(Buffer.concat([body, Buffer.alloc(1)]))).toThrow(
      expect.objectContaining({ code: "WIRE" }),
    );
    const tooMany = Buffer.from(body);
    tooMany.writeUInt32LE(1_000, 8);
    expect(() => decodeCrossing(tooMany)).toThrow(expect.objectContaining({ code: "WIRE" }));
    const unknownMode = Buffer.from(body);
    unknownMode.writeUInt32LE(crossingModes.length, 0);
    expect(() => decodeCrossing(unknownMode)).toThrow(expect.objectContaining({ code: "WIRE" }));
  });
});

test("a time in text is that of its own milliseconds, whatever time came before", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { maxLength: 8 }), (times) => {
      for (const timeMs of times) {
        expect(isoTime(timeMs)).toBe(new Date(timeMs).toISOString());
        expect(isoTime(timeMs)).toBe(new Date(timeMs).toISOString());
      }
    }),
  );
});
