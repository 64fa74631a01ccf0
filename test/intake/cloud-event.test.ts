import { describe, expect, it } from "vitest";
import { envelopeLevels } from "../../src/intake/json-nesting.ts";
import type { IntakeFault } from "../../src/intake/intake-fault.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import type { RawEvent } from "../../src/model/raw-event.ts";
import { readRecord, refuseRecord } from "./log-record-reading.ts";

const contentType = "application/cloudevents+json";
const event = {
  specversion: "1.0",
  id: "e-1",
  source: "/gateways/7",
  type: "reading",
  time: "2025-03-01T08:00:00Z",
  org: "acme",
  asset: "gate-7",
  template: "gate",
  sequence: 7,
  sampled: true,
  subject: "somebody",
  dataschema: null,
  data: { t: 21.5 },
};

type Given = object | string | Uint8Array;

function recordWith(value: Given, headers: Readonly<Record<string, string>> = {}) {
  const isBytes = typeof value === "string" || value instanceof Uint8Array;
  return {
    headers: { "content-type": contentType, ...headers },
    payload: isBytes ? value : JSON.stringify(value),
  };
}

const read = (value: Given, headers = {}): RawEvent => readRecord(recordWith(value, headers));
const code = (value: Given, headers = {}): string => refuseRecord(recordWith(value, headers)).fault.code;

describe("a CloudEvent in structured mode", () => {
  it("becomes the raw event that binary mode would have given", () => {
    const { record, payload, ...fields } = read(event);
    expect(fields).toEqual({
      orgId: "acme",
      assetId: "gate-7",
      templateId: "gate",
      eventId: "e-1",
      timeMs: Date.parse("2025-03-01T08:00:00Z"),
      contentType: "application/json",
      headers: {
        ce_specversion: "1.0",
        ce_source: "/gateways/7",
        ce_type: "reading",
        ce_sequence: "7",
        ce_sampled: "true",
        ce_subject: "somebody",
      },
      attributes: {},
    });
    expect(Buffer.from(payload!).toString()).toBe('{"t":21.5}');
    const headers = { ce_org: "acme", ce_asset: "gate-7", ce_template: "gate", ce_id: "e-1" };
    const binary = { ...headers, ...fields.headers, ce_time: event.time, "content-type": "application/json" };
    const { record: other, ...binaryFields } = readRecord({ headers: binary, payload: payload! });
    expect(binaryFields).toEqual(fields);
    // The record is the whole, so that a rejection of it can be redriven.
    expect(JSON.parse(Buffer.from(record.payload).toString())).toEqual(event);
    expect(other.payload).toEqual(payload);
  });

  it.each([
    "Application/CloudEvents+JSON",
    "application/cloudevents+json; charset=utf-8",
    " application/cloudevents+json ",
  ])("is recognised by the media type %j", (mediaType) => {
    expect(read(event, { "content-type": mediaType }).eventId).toBe("e-1");
  });

  it.each(["application/cloudevents-batch+json", "application/cloudevents+avro", "application/json"])(
    "is not recognised by %j",
    (mediaType) => {
      const whole = readRecord({
        headers: { org: "o", asset: "a", "content-type": mediaType },
        payload: JSON.stringify(event),
      });
      expect(whole).toMatchObject({ orgId: "o", contentType: mediaType, headers: {} });
      expect(whole).not.toHaveProperty("payload");
    },
  );

  it("needs nothing of what CloudEvents demand besides; what it leaves out the record says", () => {
    const found = read("{}", {
      org: "acme",
      asset: "a",
      "event-id": "h",
      attributes: '{"a":1}',
      "X-Gw": "1",
    });
    expect(found).toMatchObject({ eventId: "h", headers: { "x-gw": "1" }, attributes: { a: 1 } });
    expect(found.payload).toHaveLength(0);
    expect(found).not.toHaveProperty("contentType");
  });

  it("goes after the record's own headers and before its key", () => {
    const headers = {
      org: "o",
      asset: "a",
      ce_template: "t",
      "event-id": "h",
      time: "2025-01-01T00:00:00Z",
      ce_type: "own",
    };
    expect(read(event, headers)).toMatchObject({
      orgId: "o",
      assetId: "a",
      templateId: "t",
      eventId: "h",
      timeMs: Date.parse("2025-01-01T00:00:00Z"),
      headers: { ce_type: "own", ce_source: "/gateways/7" },
    });
    expect(readRecord({ key: "globex/k", ...recordWith(event) })).toMatchObject({
      orgId: "acme",
      assetId: "gate-7",
    });
  });

  it("has an org that must be its topic's: else ORG_MISMATCH", () => {
    expect(refuseRecord(recordWith(event), { topicOrgId: "globex" })).toMatchObject({
      fault: { code: "ORG_MISMATCH" },
      orgId: "globex",
    });
    expect(readRecord(recordWith(event), { topicOrgId: "acme" }).orgId).toBe("acme");
  });

  it("has a subject that is not its asset", () => {
    expect(code({ ...event, asset: undefined })).toBe("NO_ASSET");
  });

  it.each([
    [{ id: "a\nb" }, "BAD_ID"],
    [{ id: "" }, "BAD_ID"],
    [{ org: "a b" }, "BAD_ID"],
    [{ asset: " " }, "BAD_ID"],
    [{ template: "/" }, "BAD_ID"],
    [{ time: "yesterday" }, "BAD_TIME"],
    [{ data_base64: "" }, "TWO_PAYLOADS"],
    [{ data: undefined, data_base64: "A" }, "BAD_BASE64"],
    [{ data: undefined, data_base64: 7 }, "BAD_BASE64"],
    [{ specversion: "0.3" }, "BAD_CLOUD_EVENT"],
    [{ source: {} }, "BAD_CLOUD_EVENT"],
    [{ source: ["x"] }, "BAD_CLOUD_EVENT"],
    [{ datacontenttype: "" }, "BAD_CLOUD_EVENT"],
    [{ datacontenttype: "x".repeat(257) }, "BAD_CLOUD_EVENT"],
    [{ datacontenttype: contentType }, "BAD_CLOUD_EVENT"],
  ])("with %j is refused as %s", (members, expected) => {
    expect(code({ ...event, ...members })).toBe(expected);
  });

  it.each([
    "",
    "{",
    "7",
    "null",
    "[]",
    '"x"',
    `${JSON.stringify(event)}x`,
    Buffer.from('{"a":"\xff"}', "latin1"),
  ])("that is %j is BAD_CLOUD_EVENT", (value) => {
    expect(refuseRecord(recordWith(value, { org: "acme", asset: "a" }))).toMatchObject({
      fault: { code: "BAD_CLOUD_EVENT" },
      orgId: "acme",
      assetId: "a",
    });
  });

  it("may begin with a byte order mark, and may not be nested too deep", () => {
    expect(read(`\ufeff${JSON.stringify(event)}`).eventId).toBe("e-1");
    const nested = (levels: number) =>
      `{"org":"o","asset":"a","data":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    expect(readRecord(recordWith(nested(envelopeLevels)), { limits: { payloadBytes: 1e6 } })).toBeDefined();
    expect(code(nested(envelopeLevels + 1))).toBe("BAD_CLOUD_EVENT");
    expect(code(nested(200_000))).toBe("BAD_CLOUD_EVENT");
  });
});

describe("the data of a CloudEvent", () => {
  const dataOf = (members: object) => {
    const { payload, contentType: mediaType } = read({ ...event, data: undefined, ...members });
    return [Buffer.from(payload!).toString("latin1"), mediaType];
  };

  it.each([
    [{ data: null }, ["null", "application/json"]],
    [{ data: "x" }, ['"x"', "application/json"]],
    [{ data: "x", datacontenttype: "text/plain" }, ["x", "text/plain"]],
    [{ data: "x", datacontenttype: "a/b+json" }, ['"x"', "a/b+json"]],
    [{ data_base64: "AWf/" }, ["\u0001gÿ", undefined]],
    [{ data_base64: "AWf/", datacontenttype: "image/png" }, ["\u0001gÿ", "image/png"]],
    [{ data_base64: null }, ["", undefined]],
    [{}, ["", undefined]],
  ])("%j is %j", (members, expected) => {
    expect(dataOf(members)).toEqual(expected);
  });

  it("is what the payload's limit counts", () => {
    const limits = { payloadBytes: 4 };
    const large = { ...event, data: undefined, data_base64: "AAAAAA==" };
    expect(readRecord(recordWith(large), { limits }).payload).toHaveLength(4);
    expect(refuseRecord(recordWith({ ...large, data_base64: "AAAAAAA=" }), { limits }).fault.code).toBe(
      "PAYLOAD_TOO_LARGE",
    );
  });
});

describe("a CloudEvent in a line", () => {
  const nowMs = Date.parse("2025-03-01T09:00:00Z");
  const readText = (members: object): RawEvent | IntakeFault =>
    readLine(
      Buffer.from(JSON.stringify({ orgId: "o", assetId: "a", contentType, payload: event, ...members })),
      {
        line: 7,
        nowMs,
        limits: { payloadBytes: 1000 },
      },
    );

  it("is taken out of it as it is out of a record", () => {
    const { record, ...fields } = readText({ headers: { ce_type: "own" } }) as RawEvent;
    const headers = { org: "o", asset: "a", ce_type: "own" };
    const { record: _, ...expected } = read(event, headers);
    expect(fields).toEqual(expected);
    expect(JSON.parse(Buffer.from(record.payload).toString())).toEqual(event);
    expect(record.headers[0]).toEqual(["content-type", Buffer.from(contentType)]);
  });

  it("goes after the line's own fields", () => {
    const own = { eventId: "l", templateId: "lt", time: "2025-01-01T00:00:00Z" };
    expect(readText(own)).toMatchObject({
      eventId: "l",
      templateId: "lt",
      timeMs: Date.parse("2025-01-01T00:00:00Z"),
    });
  });

  it.each([
    [{ payload: 7 }, "BAD_CLOUD_EVENT"],
    [{ payload: { id: "\n" } }, "BAD_ID"],
    [{ payload: { template: "/" } }, "BAD_ID"],
    [{ payload: { time: "x" } }, "BAD_TIME"],
    [{ payload: { data: "x".repeat(999) } }, "PAYLOAD_TOO_LARGE"],
  ])("with %j is refused as %s, as a record is", (members, expected) => {
    expect(readText(members)).toMatchObject({ fault: { stage: "intake", type: "envelope", code: expected } });
  });
});
