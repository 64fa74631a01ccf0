import type { IntakeFault } from "../../src/intake/intake-fault.ts";
import { describe, expect, it } from "vitest";
import { rejectionCodes } from "../../src/model/contract.ts";
import type { RawEvent } from "../../src/model/raw-event.ts";
import { envelopeLevels } from "../../src/intake/json-nesting.ts";
import { readLine, refuseOversizeLine } from "../../src/intake/ndjson-line.ts";

const nowMs = Date.parse("2025-03-01T08:15:00.000Z");
const context = { line: 7, nowMs, limits: { payloadBytes: 1000 } };

function readText(text: string | Uint8Array): RawEvent | IntakeFault {
  return readLine(typeof text === "string" ? Buffer.from(text) : text, context);
}

/** Reads a line with good ids, and these members besides. */
function read(members: object): RawEvent {
  const found = readText(JSON.stringify({ orgId: "acme", assetId: "gate-7", ...members }));
  if ("fault" in found) throw new Error(found.fault.message);
  return found;
}

function refuse(members: object | string | Uint8Array): IntakeFault {
  const isText = typeof members === "string" || members instanceof Uint8Array;
  const found = readText(
    isText ? members : JSON.stringify({ orgId: "acme", assetId: "gate-7", payloadHex: "00", ...members }),
  );
  if (!("fault" in found)) throw new Error("the line was taken");
  expect(found.fault).toMatchObject({ stage: "intake", type: "envelope" });
  expect(rejectionCodes[found.fault.code]).toMatchObject({ type: "envelope", stages: ["intake"] });
  expect(found.fault.message).toMatch(/^line 7: /);
  return found;
}

describe("a line", () => {
  it("becomes a raw event", () => {
    const line = {
      orgId: "acme",
      assetId: "gate-7",
      templateId: "gate",
      eventId: "e-1",
      time: "2025-03-01T09:00:00.5+01:00",
      contentType: "application/x-gate",
      payloadHex: "016700e1",
      headers: { Gateway: "gw-17" },
      attributes: { fPort: 2 },
    };
    expect(read(line)).toEqual({
      orgId: "acme",
      assetId: "gate-7",
      templateId: "gate",
      eventId: "e-1",
      timeMs: Date.parse("2025-03-01T08:00:00.500Z"),
      contentType: "application/x-gate",
      headers: { gateway: "gw-17" },
      attributes: { fPort: 2 },
      record: expect.objectContaining({
        topic: null,
        partition: null,
        key: null,
        offset: 7,
        timestampMs: nowMs,
      }) as unknown,
    });
  });

  it("without an event id has one derived from its number", () => {
    expect(read({ payloadHex: "" }).eventId).toBe("line-7");
  });

  it("without a time has the input's moment", () => {
    expect(read({ payloadHex: "" }).timeMs).toBe(nowMs);
  });

  it("without a template, headers and attributes has none", () => {
    const event = read({ payloadHex: "" });
    expect(event).not.toHaveProperty("templateId");
    expect([event.headers, event.attributes]).toEqual([{}, {}]);
  });

  it("may begin with a byte order mark, as files from some editors do", () => {
    expect(readText('\ufeff{"orgId":"acme","assetId":"a","payloadHex":""}')).toMatchObject({ assetId: "a" });
  });
});

describe("the payload", () => {
  const bytesOf = (members: object) => Buffer.from(read(members).record.payload);

  it.each([[{ t: 21.5, list: [1, null] }], [[1]], ["text"], [7], [false], [null]])(
    "%j without contentType is JSON",
    (payload) => {
      const event = read({ payload });
      expect(event.contentType).toBe("application/json");
      expect(Buffer.from(event.record.payload).toString()).toBe(JSON.stringify(payload));
    },
  );

  it("with a contentType that is JSON is JSON too", () => {
    expect(bytesOf({ payload: "text", contentType: "application/senml+json" }).toString()).toBe('"text"');
    expect(read({ payload: {}, contentType: "application/senml+json" }).contentType).toBe(
      "application/senml+json",
    );
  });

  it("that is a string of another contentType stands for its own characters", () => {
    expect(bytesOf({ payload: "$GPGGA,é", contentType: "text/plain" })).toEqual(Buffer.from("$GPGGA,é"));
    expect(bytesOf({ payload: { a: 1 }, contentType: "text/plain" }).toString()).toBe('{"a":1}');
  });

  it("in base64 is bytes, and its media type is the template's to say", () => {
    expect(bytesOf({ payloadBase64: "AWcA4Q==" })).toEqual(Buffer.from([1, 0x67, 0, 0xe1]));
    expect(bytesOf({ payloadBase64: "+/+/" })).toEqual(Buffer.from("+/+/", "base64"));
    expect(bytesOf({ payloadBase64: "" })).toHaveLength(0);
    expect(read({ payloadBase64: "" })).not.toHaveProperty("contentType");
  });

  it("in hexadecimal is bytes, upper or lower case", () => {
    expect(bytesOf({ payloadHex: "0167aBCd" })).toEqual(Buffer.from([1, 0x67, 0xab, 0xcd]));
    expect(bytesOf({ payloadHex: "" })).toHaveLength(0);
    expect(read({ payloadHex: "" })).not.toHaveProperty("contentType");
  });

  it.each(["AWcA4Q=", "AWcA4Q", "AWcA4Q==\n", "AWc A4Q=", "-_-_", "=AAA", "A===", "AA=A", "é===", 7, null])(
    "%j is BAD_BASE64",
    (payloadBase64) => {
      expect(refuse({ payloadHex: undefined, payloadBase64 }).fault.code).toBe("BAD_BASE64");
    },
  );

  it.each(["0", "0g", "0x01", "00 11", "00\n0", 12, {}])("%j is BAD_HEX", (payloadHex) => {
    expect(refuse({ payloadHex }).fault.code).toBe("BAD_HEX");
  });

  it("must be there: none of the fields is NO_PAYLOAD", () => {
    expect(refuse({ payloadHex: undefined }).fault.code).toBe("NO_PAYLOAD");
  });

  it("must be one: two of the fields are TWO_PAYLOADS", () => {
    expect(refuse({ payload: null }).fault.code).toBe("TWO_PAYLOADS");
    expect(refuse({ payloadBase64: "" }).fault.code).toBe("TWO_PAYLOADS");
    expect(refuse({ payload: 1, payloadBase64: "" }).fault.code).toBe("TWO_PAYLOADS");
  });

  it("may be as large as the limit and no larger", () => {
    expect(bytesOf({ payloadHex: "00".repeat(1000) })).toHaveLength(1000);
    const { fault } = refuse({ payloadHex: "00".repeat(1001) });
    expect(fault).toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      message: "line 7: the payload has 1001 bytes, at most 1000 are allowed",
    });
  });
});

describe("ids", () => {
  it.each([
    ["orgId", ["", "-a", "a.b", "a b", "é", "x".repeat(64), "a\n"]],
    ["templateId", ["", ".a", "a/b", "..", "x".repeat(64)]],
    ["assetId", ["", " a", "a ", "\u00a0a", "a\u0000", "a\u0085b", "é".repeat(129), "\ud800"]],
    ["eventId", ["", "a\nb", "\u007f", "x".repeat(257), "\udc00"]],
  ])("%s outside its grammar is BAD_ID", (key, ids) => {
    for (const id of ids) expect([id, refuse({ [key]: id }).fault.code]).toEqual([id, "BAD_ID"]);
  });

  it.each([
    ["orgId", ["a", "A_-9", "x".repeat(63)]],
    ["templateId", ["a", "A.b-_9", "x".repeat(63)]],
    ["assetId", ["a", "a b", "urn:dev:é/😀", "é".repeat(128)]],
    ["eventId", ["a", " a ", "x".repeat(256)]],
  ])("%s within its grammar is taken as it is", (key, ids) => {
    for (const id of ids) expect(read({ payloadHex: "", [key]: id })).toMatchObject({ [key]: id });
  });

  it.each(["orgId", "assetId", "templateId", "eventId"])("%s must be a string", (key) => {
    for (const id of [7, null, {}, ["a"]]) expect(refuse({ [key]: id }).fault.code).toBe("BAD_LINE");
  });

  it.each(["orgId", "assetId"])("%s must be there", (key) => {
    expect(refuse({ [key]: undefined }).fault).toMatchObject({
      code: "BAD_LINE",
      message: `line 7: \`${key}\` is missing`,
    });
  });
});

describe("time", () => {
  it.each([
    "",
    "now",
    "2025-03-01",
    "2025-03-01T08:15:00",
    "2025-02-30T08:15:00Z",
    "1740816900",
    1_740_816_900_000,
    null,
    {},
  ])("%j cannot be read and is BAD_TIME", (time) => {
    const refused = refuse({ time });
    expect(refused.fault.code).toBe("BAD_TIME");
    expect(refused.timeMs).toBe(nowMs);
  });
});

describe("headers", () => {
  it("have names in lower case; of two alike the last counts", () => {
    expect(
      read({ payloadHex: "", headers: { "X-Gw": "1", "x-gw": "2", "X-GW": "3", other: "é" } }).headers,
    ).toEqual({ "x-gw": "3", other: "é" });
  });

  it("that Millrace reads itself do not reach scripts", () => {
    const headers = { Org: "evil", "content-type": "x", traceparent: "t", ce_id: "x", ce_type: "kept" };
    expect(read({ payloadHex: "", headers })).toMatchObject({ orgId: "acme", headers: { ce_type: "kept" } });
    expect(read({ payloadHex: "", headers: { Org: "evil" } }).headers).toEqual({});
  });

  it("may be called __proto__", () => {
    const event = readText(
      '{"orgId":"acme","assetId":"a","payloadHex":"","headers":{"__proto__":"x"}}',
    ) as RawEvent;
    expect(JSON.stringify(event.headers)).toBe('{"__proto__":"x"}');
  });

  it.each([null, [], "x", { a: 1 }, { a: null }, { a: ["x"] }])("%j is BAD_LINE", (headers) => {
    expect(refuse({ headers }).fault.code).toBe("BAD_LINE");
  });
});

describe("attributes", () => {
  it.each([null, [], [1], "x", 7, true])("%j is BAD_ATTRIBUTES", (attributes) => {
    expect(refuse({ attributes }).fault.code).toBe("BAD_ATTRIBUTES");
  });
});

describe("contentType", () => {
  it.each([null, "", 7, "x".repeat(257), "😀".repeat(257)])("%j is BAD_LINE", (contentType) => {
    expect(refuse({ contentType }).fault.code).toBe("BAD_LINE");
  });
});

describe("a line that is no raw event", () => {
  it.each(["", "{", '{"orgId":"acme"', "nonsense", "{'a':1}", '{"a":1}{"b":2}', '{"a":NaN}'])(
    "%j is NOT_JSON",
    (text) => {
      expect(refuse(text).fault.code).toBe("NOT_JSON");
    },
  );

  it("is NOT_JSON where it is not UTF-8", () => {
    expect(
      refuse(Buffer.from('{"orgId":"acme","assetId":"\xff","payloadHex":""}', "latin1")).fault.message,
    ).toBe("line 7: it is not UTF-8");
  });

  it.each(["7", "null", '"text"', "[]", '[{"orgId":"acme"}]'])(
    "%s is BAD_LINE, for a line is an object",
    (text) => {
      expect(refuse(text).fault.code).toBe("BAD_LINE");
    },
  );

  it.each(["orgid", "payloadbase64", "", "toString"])(
    "is BAD_LINE where it has the unknown key %j",
    (key) => {
      expect(refuse({ [key]: "x" }).fault).toMatchObject({
        code: "BAD_LINE",
        message: `line 7: unknown key ${JSON.stringify(key)}`,
      });
    },
  );

  it("is BAD_LINE where it has a key __proto__", () => {
    expect(
      refuse('{"orgId":"acme","assetId":"a","payloadHex":"","__proto__":{"templateId":"x"}}').fault.message,
    ).toContain("__proto__");
  });

  it("is BAD_LINE where it is nested too deep, whatever the stack has left", () => {
    // The line's own object is one of the levels.
    const nested = (levels: number) => `${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}`;
    for (const key of ["payload", "attributes"]) {
      const text = (levels: number) =>
        `{"orgId":"acme","assetId":"a","${key}":${key === "payload" ? "" : '{"a":'}${nested(levels)}${key === "payload" ? "" : '},"payloadHex":""'}}`;
      const own = key === "payload" ? 0 : 1;
      expect(
        readLine(Buffer.from(text(envelopeLevels - own)), { ...context, limits: { payloadBytes: 1e6 } }),
      ).not.toHaveProperty("fault");
      expect(refuse(text(envelopeLevels - own + 1)).fault).toMatchObject({
        code: "BAD_LINE",
        message: "line 7: it is nested deeper than 512 levels",
      });
      expect(refuse(text(200_000)).fault.code).toBe("BAD_LINE");
    }
  });

  it("keeps what of its identity is good", () => {
    expect(refuse({ eventId: "e-1", time: "2025-03-01T08:00:00Z", extra: 1 })).toMatchObject({
      orgId: "acme",
      assetId: "gate-7",
      eventId: "e-1",
      timeMs: Date.parse("2025-03-01T08:00:00Z"),
    });
    expect(refuse({ orgId: "../evil", assetId: " ", eventId: "\n", time: "x" })).toMatchObject({
      orgId: null,
      assetId: null,
      eventId: "line-7",
      timeMs: nowMs,
    });
    expect(refuse("{")).toMatchObject({ orgId: null, assetId: null, eventId: "line-7" });
  });

  it("stands in its record as it came", () => {
    const { record } = refuse('{"orgId": "acme"}');
    expect(Buffer.from(record.payload).toString()).toBe('{"orgId": "acme"}');
    expect(record).toMatchObject({
      topic: null,
      partition: null,
      key: null,
      offset: 7,
      timestampMs: nowMs,
      headers: [],
    });
  });

  it("that was too long to be kept is LINE_TOO_LARGE, with its size and hash", () => {
    const omitted = { bytes: 50_000_000, sha256: "0".repeat(64) };
    const refused = refuseOversizeLine({ omitted, limitBytes: 8_388_608 }, context);
    expect(refused).toMatchObject({
      fault: {
        code: "LINE_TOO_LARGE",
        message: "line 7: it has 50000000 bytes, at most 8388608 are allowed",
      },
      orgId: null,
      eventId: "line-7",
      payloadOmitted: omitted,
    });
    expect(refused.record.payload).toHaveLength(0);
  });
});

describe("the record of a line", () => {
  const headersOf = (members: object) =>
    read(members).record.headers.map(([name, value]) => [name, Buffer.from(value).toString()]);

  it("has the headers that the same event would have on Kafka, besides those that every rejection states", () => {
    const headers = { "X-Gw": "1", org: "evil", traceparent: "t" };
    expect(
      headersOf({
        payload: 1,
        templateId: "gate",
        eventId: "e",
        time: "2025-03-01T08:00:00Z",
        attributes: { fPort: 2 },
        headers,
      }),
    ).toEqual([
      ["content-type", "application/json"],
      ["template", "gate"],
      ["attributes", '{"fPort":2}'],
      ["X-Gw", "1"],
      ["traceparent", "t"],
    ]);
    expect(headersOf({ payloadHex: "" })).toEqual([]);
  });
});
