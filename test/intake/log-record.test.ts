import { describe, expect, it } from "vitest";
import { createInputRecord } from "../../src/intake/input-record.ts";
import { envelopeLevels } from "../../src/intake/json-nesting.ts";
import { latestTimeMs } from "../../src/model/timestamp.ts";
import { createRejection } from "../../src/outlet/rejection.ts";
import { readRecord, recordOf, refuseRecord, timestampMs } from "./log-record-reading.ts";

const notUtf8 = Buffer.from([0x61, 0xff]);
const named = { org: "acme", asset: "gate-7" };
const code = (record: Parameters<typeof refuseRecord>[0]) => refuseRecord(record).fault.code;

describe("a record", () => {
  it("becomes a raw event", () => {
    const record = {
      key: "acme/gate-7",
      headers: {
        ...named,
        template: "gate",
        "event-id": "e-1",
        time: "2025-03-01T09:00:00.5+01:00",
        "content-type": "application/x-gate",
        attributes: '{"fPort":2}',
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        Gateway: "gw-17",
      },
      payload: Buffer.from([1, 0x67]),
    };
    expect(readRecord(record)).toEqual({
      orgId: "acme",
      assetId: "gate-7",
      templateId: "gate",
      eventId: "e-1",
      timeMs: Date.parse("2025-03-01T08:00:00.500Z"),
      contentType: "application/x-gate",
      headers: { gateway: "gw-17" },
      attributes: { fPort: 2 },
      record: recordOf(record),
    });
  });

  it("needs no more than its key", () => {
    expect(readRecord({ key: "acme/gate-7" })).toEqual({
      orgId: "acme",
      assetId: "gate-7",
      eventId: "millrace.ingest.tid.3.41",
      timeMs: timestampMs,
      headers: {},
      attributes: {},
      record: recordOf({ key: "acme/gate-7" }),
    });
  });

  it("without a value has an empty payload", () => {
    const fetched = { topic: "t", partition: 0, offset: 1, timestampMs, key: null, headers: [] };
    expect(createInputRecord({ ...fetched, value: null }).payload).toHaveLength(0);
    const value = Buffer.from([1]);
    expect(createInputRecord({ ...fetched, value })).toEqual({ ...fetched, payload: value });
  });

  it("is kept whole and not copied, its payload too", () => {
    const payload = Buffer.alloc(1000, 7);
    expect(readRecord({ headers: named, payload }).record.payload).toBe(payload);
  });

  it("may have a payload as large as the limit and no larger", () => {
    const megabyte = { limits: { payloadBytes: 2 ** 20 } };
    expect(readRecord({ headers: named, payload: Buffer.alloc(2 ** 20) }, megabyte)).toBeDefined();
    expect(
      refuseRecord({ headers: named, payload: Buffer.alloc(2 ** 20 + 1) }, megabyte).fault,
    ).toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      message: "the payload has 1048577 bytes, at most 1048576 are allowed",
    });
  });
});

describe("the org", () => {
  it("is what the header `org` says, before the key", () => {
    expect(readRecord({ key: "other/x", headers: named }).orgId).toBe("acme");
  });

  it("is what `ce_org` says, before `org`", () => {
    expect(readRecord({ headers: { ...named, ce_org: "globex" } }).orgId).toBe("globex");
    expect(readRecord({ headers: { ce_org: "globex", ...named } }).orgId).toBe("globex");
  });

  it("is without these the key up to its first slash", () => {
    expect(readRecord({ key: "acme", headers: { asset: "a" } }).orgId).toBe("acme");
    expect(readRecord({ key: "acme/b/c", headers: { asset: "a" } }).orgId).toBe("acme");
  });

  it.each([null, "", "/gate-7"])("cannot be told from the key %j: UNKNOWN_ORG", (key) => {
    expect(refuseRecord({ key, headers: { asset: "a" } })).toMatchObject({
      fault: { code: "UNKNOWN_ORG" },
      orgId: null,
      assetId: "a",
    });
  });

  it.each(["a.b/x", " acme", "\u0000", "é/x", notUtf8, Buffer.from("\ufeffacme")])(
    "is BAD_ID where the key %j begins with none",
    (key) => {
      expect(refuseRecord({ key, headers: { asset: "a" } })).toMatchObject({
        fault: { code: "BAD_ID" },
        orgId: null,
      });
    },
  );

  it("is the topic's where the input is a pattern, whatever the key is", () => {
    const topic = { topicOrgId: "acme" };
    for (const key of [null, "", "globex", "globex/x", notUtf8]) {
      expect(readRecord({ key, headers: { asset: "a" } }, topic).orgId).toBe("acme");
    }
    expect(readRecord({ headers: named }, topic).orgId).toBe("acme");
  });

  it.each(["org", "ce_org", "ORG"])("of the topic is not that of the header %s: ORG_MISMATCH", (header) => {
    for (const value of ["globex", "ACME", "", "a\nb"]) {
      const refused = refuseRecord({ headers: { asset: "a", [header]: value } }, { topicOrgId: "acme" });
      expect(refused).toMatchObject({ fault: { code: "ORG_MISMATCH" }, orgId: "acme", assetId: "a" });
    }
  });

  it("of the topic must be one too", () => {
    expect(refuseRecord({ headers: { asset: "a" } }, { topicOrgId: "a.b" })).toMatchObject({
      fault: { code: "BAD_ID" },
      orgId: null,
    });
  });
});

describe("the asset", () => {
  it("is what `ce_asset` says, before `asset`, before the key", () => {
    expect(readRecord({ key: "acme/k", headers: { ...named, ce_asset: "c" } }).assetId).toBe("c");
    expect(readRecord({ key: "acme/k", headers: named }).assetId).toBe("gate-7");
  });

  it("is without these what comes after the org and a slash in the key", () => {
    expect(readRecord({ key: "acme/gate 7/é" }).assetId).toBe("gate 7/é");
    expect(readRecord({ key: "acme/g", headers: { org: "acme" } }).assetId).toBe("g");
    expect(readRecord({ key: "acme/g" }, { topicOrgId: "acme" }).assetId).toBe("g");
  });

  it.each([null, "", "acme", "acme/", "globex/x", "acmes/x", "ACME/x", "x", notUtf8])(
    "is not in the key %j of the org acme: NO_ASSET",
    (key) => {
      expect(refuseRecord({ key, headers: { org: "acme" } })).toMatchObject({
        fault: { code: "NO_ASSET" },
        orgId: "acme",
        assetId: null,
      });
    },
  );

  it("is BAD_ID where the key holds other bytes than UTF-8 in its place", () => {
    const key = Buffer.concat([Buffer.from("acme/"), notUtf8]);
    expect(code({ key })).toBe("BAD_ID");
  });
});

describe("ids", () => {
  it.each([
    ["org", ["", "-a", "a.b", "é", "x".repeat(64), "a\n", "a\u0000", "\ufeffacme"]],
    ["asset", ["", " a", "a ", "\u00a0a", "\ufeffa", "a\u0000", "é".repeat(129)]],
    ["template", ["", ".a", "a/b", "x".repeat(64)]],
    ["event-id", ["", "a\nb", "\u007f", "x".repeat(257)]],
  ])("of the header %s that are outside their grammar are BAD_ID", (header, ids) => {
    const names = [header, `ce_${header === "event-id" ? "id" : header}`];
    for (const name of names) {
      for (const id of ids) {
        expect([id, code({ headers: { ...named, [name]: id } })]).toEqual([id, "BAD_ID"]);
      }
    }
  });

  it("are taken as they are within it", () => {
    const headers = { org: "A_-9", asset: "urn:dev:é/😀 \ufeffx", template: "A.b", "event-id": " é " };
    expect(readRecord({ headers })).toMatchObject({
      orgId: "A_-9",
      assetId: "urn:dev:é/😀 \ufeffx",
      templateId: "A.b",
      eventId: " é ",
    });
  });

  it("of a template come from `ce_template` before `template`, of the event from `ce_id` before `event-id`", () => {
    const headers = { ...named, ce_id: "c", "event-id": "e", ce_template: "ct", template: "t" };
    expect(readRecord({ headers })).toMatchObject({ eventId: "c", templateId: "ct" });
    expect(readRecord({ headers: { ...named, "event-id": "e", template: "t" } })).toMatchObject({
      eventId: "e",
      templateId: "t",
    });
  });
});

describe("the time", () => {
  it("is what `ce_time` says, before `time`, before the record's timestamp", () => {
    const headers = { ...named, ce_time: "2025-01-01T00:00:00Z", time: "2025-02-01T00:00:00Z" };
    expect(readRecord({ headers }).timeMs).toBe(Date.parse("2025-01-01T00:00:00Z"));
    expect(readRecord({ headers: { ...named, time: "2025-02-01T00:00Z" } }).timeMs).toBe(
      Date.parse("2025-02-01T00:00:00Z"),
    );
    expect(readRecord({ headers: named }).timeMs).toBe(timestampMs);
  });

  it.each([
    "",
    "now",
    "2025-03-01",
    "2025-03-01T08:15:00",
    "2025-02-30T08:15:00Z",
    "\ufeff2025-03-01T08:15Z",
  ])("%j cannot be read and is BAD_TIME", (time) => {
    expect(refuseRecord({ headers: { ...named, time } })).toMatchObject({
      fault: { code: "BAD_TIME" },
      timeMs: timestampMs,
    });
    expect(code({ headers: { ...named, ce_time: time, time: "2025-03-01T08:15:00Z" } })).toBe("BAD_TIME");
  });

  it("of the record itself may be before 1970", () => {
    expect(readRecord({ headers: named, timestampMs: -1 }).timeMs).toBe(-1);
  });

  it.each([latestTimeMs + 1, -1e15, 2 ** 62])(
    "of the record itself, %d, is BAD_TIME, and the rejection can still be written",
    (wild) => {
      for (const headers of [named, { ...named, time: "2025-03-01T08:15:00Z" }]) {
        const { fault, record, timeMs } = refuseRecord({ headers, timestampMs: wild });
        expect(fault.code).toBe("BAD_TIME");
        const ids = { eventId: "e", orgId: null, assetId: null, templateId: null, templateVersion: null };
        expect(createRejection({ identity: { ...ids, timeMs }, fault, record }).ingested).toMatch(/Z$/);
      }
    },
  );
});

describe("headers", () => {
  it("have names in lower case; of two alike the last counts", () => {
    const headers = [
      ["ORG", "evil"],
      ["org", "acme"],
      ["X-Gw", "1"],
      ["Asset", "a"],
      ["x-gw", "2"],
      ["ASSET", "b"],
    ] as const;
    expect(readRecord({ headers })).toMatchObject({ orgId: "acme", assetId: "b", headers: { "x-gw": "2" } });
  });

  it("that Millrace reads itself do not reach scripts; those of a CloudEvent that it does not read do", () => {
    const headers = {
      ...named,
      ce_id: "1",
      ce_time: "2025-01-01T00:00:00Z",
      ce_type: "reading",
      ce_source: "/x",
      traceparent: "t",
    };
    expect(readRecord({ headers }).headers).toEqual({ ce_type: "reading", ce_source: "/x" });
  });

  it("may hold anything that is UTF-8, and have any name", () => {
    const headers = { ...named, bom: "\ufeffx", nul: "a\u0000b", empty: "", replaced: "\ufffd", "": "é😀" };
    expect(readRecord({ headers }).headers).toEqual({
      bom: "\ufeffx",
      nul: "a\u0000b",
      empty: "",
      replaced: "\ufffd",
      "": "é😀",
    });
    const proto = readRecord({ headers: [...Object.entries(named), ["__proto__", "x"]] });
    expect(JSON.stringify(proto.headers)).toBe('{"__proto__":"x"}');
  });

  it("may be as long as the record: one of 1 MB reaches the script", () => {
    const long = "x".repeat(2 ** 20);
    expect(readRecord({ headers: { ...named, long } }).headers).toEqual({ long });
  });

  it.each(["org", "asset", "template", "event-id", "time", "content-type", "attributes", "ce_id"])(
    "%s that is not UTF-8 is BAD_HEADER",
    (name) => {
      const { fault } = refuseRecord({ headers: { ...named, [name]: notUtf8 } });
      expect(fault).toMatchObject({ code: "BAD_HEADER", message: `the header "${name}" is not UTF-8` });
    },
  );

  it("that are not ours and not UTF-8 reach the script as far as they can be read", () => {
    const headers = { ...named, "x-gw": Buffer.concat([Buffer.from("a"), notUtf8]) };
    expect(readRecord({ headers }).headers["x-gw"]).toMatch(/^a+\ufffd/);
  });

  it("that are not UTF-8 harm nothing where a later one stands for them", () => {
    const headers = [["Org", notUtf8], ...Object.entries(named)] as const;
    expect(readRecord({ headers }).orgId).toBe("acme");
    expect(code({ headers: [...Object.entries(named), ["Org", notUtf8]] })).toBe("BAD_HEADER");
  });

  it("`traceparent` that cannot be read harms nothing", () => {
    expect(readRecord({ headers: { ...named, traceparent: notUtf8 } }).headers).toEqual({});
  });

  it.each(["", "x".repeat(257)])("`content-type` %j is BAD_HEADER", (contentType) => {
    expect(code({ headers: { ...named, "content-type": contentType } })).toBe("BAD_HEADER");
  });
});

describe("attributes", () => {
  const read = (attributes: string) => readRecord({ headers: { ...named, attributes } }).attributes;
  const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

  it("are one JSON object, with a byte order mark before it or not", () => {
    expect(read('{"fPort":2,"é":{"x":[null]}}')).toEqual({ fPort: 2, é: { x: [null] } });
    expect(read(' \ufeff{"a":1}'.trimStart())).toEqual({ a: 1 });
    expect(read('\ufeff{"a":1}')).toEqual({ a: 1 });
    expect(read("{}")).toEqual({});
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '[{"a":1}]',
    '"x"',
    "7",
    "true",
    '{"a":NaN}',
    '{"a":1}{}',
    '{"a":"\u0000"}',
  ])("%j are BAD_ATTRIBUTES", (attributes) => {
    expect(code({ headers: { ...named, attributes } })).toBe("BAD_ATTRIBUTES");
  });

  it("nested too deep are BAD_ATTRIBUTES; in a line they stand one level deeper", () => {
    expect(read(nested(envelopeLevels - 1))).toBeDefined();
    for (const levels of [envelopeLevels, 200_000]) {
      expect(code({ headers: { ...named, attributes: nested(levels) } })).toBe("BAD_ATTRIBUTES");
    }
  });
});

describe("a record that is refused", () => {
  it("keeps what of its identity is good", () => {
    const headers = { ...named, "event-id": "e-1", time: "2025-03-01T08:00:00Z", attributes: "[" };
    expect(refuseRecord({ headers })).toMatchObject({
      orgId: "acme",
      assetId: "gate-7",
      eventId: "e-1",
      timeMs: Date.parse("2025-03-01T08:00:00Z"),
    });
    const bad = { org: "../evil", asset: " ", "event-id": "\n", time: "x" };
    expect(refuseRecord({ headers: bad })).toMatchObject({
      orgId: null,
      assetId: null,
      eventId: "millrace.ingest.tid.3.41",
      timeMs: timestampMs,
    });
    expect(refuseRecord({ key: "acme/a", headers: { ce_org: notUtf8, org: "acme" } }).orgId).toBeNull();
  });

  it("stands in its fault as it came", () => {
    const record = { key: notUtf8, headers: { x: notUtf8 }, payload: notUtf8 };
    expect(refuseRecord(record).record).toEqual(recordOf(record));
  });
});
