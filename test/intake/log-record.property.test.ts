import fc from "fast-check";
import { expect, it } from "vitest";
import { noEventId, toIngestRecord } from "../../src/intake/event-record.ts";
import type { IntakeFault } from "../../src/intake/intake-fault.ts";
import { createRecordReader } from "../../src/intake/log-record.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import type { InputRecord, RawEvent } from "../../src/model/raw-event.ts";
import { isContractTime } from "../../src/model/timestamp.ts";

const limits = { payloadBytes: 1000 };
const lineContext = { line: 1, nowMs: 1_740_816_900_000, limits, defaultEventId: noEventId };
const readRecord = createRecordReader({ topicId: "tid", limits });

/** Where a record stands; another moment than the line's, so that a time that is not written shows. */
const place = { topic: "t", partition: 2, offset: 9, timestampMs: lineContext.nowMs + 5 };

const text = fc.string({ unit: "grapheme", maxLength: 8 });
const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/);
const assetId = fc.oneof(
  text.map((characters) => `a${characters}z`),
  fc.constantFrom("a/b", "x", "urn:é/😀"),
);
const time = fc
  .date({ noInvalidDate: true, min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z") })
  .map((date) => date.toISOString());
const headerName = fc.oneof(
  text,
  fc.constantFrom(
    "X-Gw",
    "x-gw",
    "org",
    "Time",
    "content-type",
    "ce_id",
    "ce_type",
    "__proto__",
    "7",
    "code",
  ),
);
const headers = fc.dictionary(headerName, text, { maxKeys: 4 });
const attributes = fc.dictionary(
  fc.oneof(text, fc.constantFrom("__proto__", "7")),
  fc.jsonValue({ maxDepth: 2 }),
  {
    maxKeys: 3,
  },
);
const contentType = fc.constantFrom("application/json", "a/b+json", "text/plain", "image/png; x=1");
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const payload = fc.oneof(
  fc.record({ payload: fc.jsonValue({ maxDepth: 2 }) }),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => ({ payloadBase64: Buffer.from(bytes).toString("base64") })),
  fc.uint8Array({ maxLength: 12 }).map((bytes) => ({ payloadHex: Buffer.from(bytes).toString("hex") })),
);
const cloudEvent = fc
  .record({
    id: maybe(fc.oneof(id, text)),
    time: maybe(time),
    template: maybe(id),
    org: maybe(id),
    type: maybe(text),
    sequence: maybe(fc.integer()),
    datacontenttype: maybe(contentType),
    data: maybe(fc.jsonValue({ maxDepth: 2 })),
  })
  .map((members) => ({ payload: members, contentType: "application/cloudevents+json" }));
const line = fc
  .tuple(
    fc.record({
      orgId: id,
      assetId,
      templateId: maybe(id),
      eventId: maybe(text),
      time: maybe(time),
      contentType: maybe(contentType),
      headers: maybe(headers),
      attributes: maybe(attributes),
    }),
    fc.oneof({ weight: 3, arbitrary: payload }, { weight: 1, arbitrary: cloudEvent }),
  )
  .map(([fields, more]) => ({ ...fields, ...more }));

/** An event without what its form decides; members that differ in order or in the sign of a zero differ in nothing. */
function comparable(found: RawEvent | IntakeFault, derivedId: string) {
  if ("fault" in found) throw new Error(found.fault.message);
  const { record, eventId, payload: data = record.payload, headers: own, attributes: given, ...rest } = found;
  return {
    ...rest,
    eventId: eventId === derivedId ? "derived" : eventId,
    payload: Buffer.from(data).toString("latin1"),
    headersJson: JSON.stringify(own),
    attributesJson: JSON.stringify(given),
  };
}

it("a line and the record of the same event give the same raw event", () => {
  let read = 0;
  fc.assert(
    fc.property(line, (members) => {
      const event = readLine(Buffer.from(JSON.stringify(members)), lineContext);
      if ("fault" in event) return;
      read += 1;
      const { key, value, headers: written } = toIngestRecord(event);
      const record: InputRecord = { ...place, key, payload: value, headers: written };
      expect(comparable(readRecord(record), "t.tid.2.9")).toEqual(comparable(event, noEventId));
      // The key alone says who the event is from, too.
      const nameless = { ...record, headers: written.filter(([name]) => name !== "org" && name !== "asset") };
      expect(comparable(readRecord(nameless), "t.tid.2.9")).toEqual(comparable(event, noEventId));
    }),
    { numRuns: 3000 },
  );
  // A generator of lines that are nearly all refused would prove nothing.
  expect(read).toBeGreaterThan(1500);
});

it("whatever a record holds, it is an event or a refusal that can be written", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom(
        ..."acme|acme/a|{|{}|[]|2025-03-01T00:00Z|application/cloudevents+json|application/json".split("|"),
      )
      .map((characters) => Buffer.from(characters)),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
  );
  const name = fc.oneof(
    text,
    fc.constantFrom(
      ..."org|asset|template|event-id|time|content-type|attributes|ce_org|ce_asset|ce_id|ce_time".split("|"),
    ),
  );
  const record = fc.record({
    topic: fc.constant("t"),
    partition: fc.constant(0),
    offset: fc.nat(),
    timestampMs: fc.oneof(fc.constant(0), fc.maxSafeInteger()),
    key: fc.option(bytes),
    headers: fc.array(fc.tuple(name, bytes), { maxLength: 8 }),
    payload: bytes,
  });
  fc.assert(
    fc.property(record, (input) => {
      const found = readRecord(input);
      expect(isContractTime(found.timeMs) && isContractTime(found.record.timestampMs)).toBe(true);
      expect(found.eventId).not.toBe("");
    }),
    { numRuns: 3000 },
  );
});
