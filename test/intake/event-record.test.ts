import { describe, expect, it } from "vitest";
import { noEventId, toIngestRecord } from "../../src/intake/event-record.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import type { RawEvent } from "../../src/model/raw-event.ts";

const nowMs = Date.parse("2025-03-01T09:00:00Z");

function write(members: object) {
  const line = JSON.stringify({ orgId: "acme", assetId: "a/é", payloadHex: "01ff", ...members });
  const context = { line: 7, nowMs, limits: { payloadBytes: 1000 }, defaultEventId: noEventId };
  const { key, value, headers } = toIngestRecord(readLine(Buffer.from(line), context) as RawEvent);
  return {
    key: Buffer.from(key).toString(),
    value: Buffer.from(value).toString("latin1"),
    headers: headers.map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  };
}

describe("the record of an event", () => {
  it("has the payload's bytes, the asset in its key and as headers the fields that the producer gave", () => {
    const headers = { "X-Gw": "1", org: "evil", TraceParent: "t" };
    const attributes = { fPort: 2 };
    const given = { eventId: "e", templateId: "gate", time: "2025-03-01T08:00Z", contentType: "a/b" };
    expect(write({ ...given, headers, attributes })).toEqual({
      key: "acme/a/é",
      value: "\u0001ÿ",
      headers: [
        ["org", "acme"],
        ["asset", "a/é"],
        ["time", "2025-03-01T08:00:00.000Z"],
        ["event-id", "e"],
        ["template", "gate"],
        ["content-type", "a/b"],
        ["attributes", '{"fPort":2}'],
        ["traceparent", "t"],
        ["x-gw", "1"],
      ],
    });
  });

  it("has no event id where the producer gave none, and the moment of acceptance for its time", () => {
    expect(write({}).headers).toEqual([
      ["org", "acme"],
      ["asset", "a/é"],
      ["time", "2025-03-01T09:00:00.000Z"],
    ]);
  });

  it("keeps an event id that looks like a derived one", () => {
    expect(write({ eventId: "line-7" }).headers).toContainEqual(["event-id", "line-7"]);
  });

  it("holds what a CloudEvent was around", () => {
    const data = { payloadHex: undefined, payload: { id: "c", type: "x", data: { t: 1 } } };
    const { value, headers } = write({ contentType: "application/cloudevents+json", ...data });
    expect(value).toBe('{"t":1}');
    expect(headers.slice(3)).toEqual([
      ["event-id", "c"],
      ["content-type", "application/json"],
      ["ce_type", "x"],
    ]);
  });

  it("has U+FFFD for half of a surrogate pair in a header, and keeps it in attributes", () => {
    const { headers } = write({ headers: { h: "a\ud800" }, attributes: { a: "\udc00" } });
    expect(headers.slice(3)).toEqual([
      ["attributes", '{"a":"\\udc00"}'],
      ["h", "a\ufffd"],
    ]);
  });
});
