import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkAssetEntry,
  checkCases,
  checkConfig,
  checkOrg,
  checkOutcomeLine,
  checkRawEventLine,
  checkTemplate,
  type Checked,
} from "../../src/model/validators.ts";

function problemsOf(checked: Checked<unknown>): readonly string[] {
  return checked.kind === "valid" ? [] : checked.problems;
}

describe("a document that follows its schema", () => {
  test("is handed back as it is", () => {
    const template = { version: "1", decode: "decode.js" };
    const checked = checkTemplate(template);
    expect(checked).toEqual({ kind: "valid", value: template });
    expect(checked.kind === "valid" && checked.value).toBe(template);
  });

  test("gets no default written into it", () => {
    const asset = { assetId: "a" };
    checkAssetEntry(asset);
    expect(asset).toEqual({ assetId: "a" });
  });
});

describe("problems", () => {
  test("each have a line that says where, what, and what is allowed", () => {
    const template = {
      decoder: "decode.js",
      dialect: "lora",
      limits: { stageCpuMs: 0, memoryMb: 1 },
      eva: [{ name: "t", type: "number", path: "data.t" }],
    };
    expect(problemsOf(checkTemplate(template))).toEqual([
      'at /: the key "version" is missing',
      'at /: unknown key "decoder", allowed: version, decode, validate, transform, source, eva, contentType, dialect, limits',
      'at /eva/0/path: "data.t" is not allowed, expected: a singular query of RFC 9535 (names and indexes only); its root `$` is the standard event',
      'at /dialect: "lora" is not allowed, allowed: "millrace", "lorawan"',
      'at /limits: unknown key "memoryMb", allowed: stageCpuMs, outputBytes, payloadBytes',
      "at /limits/stageCpuMs: 0 is too small, allowed: at least 1",
    ]);
  });

  test.each([
    [
      checkConfig({ limits: { memoryMb: 9999 } }),
      "at /limits/memoryMb: 9999 is too large, allowed: 8 to 1024",
    ],
    [checkConfig({ sandbox: { executors: "3" } }), 'at /sandbox/executors: "3" is not an integer'],
    [checkConfig(null), "at /: null is not an object"],
    [checkOrg([]), "at /: an array is not an object"],
    [checkAssetEntry({ assetId: "a", debugEnabled: 1 }), "at /debugEnabled: 1 is not a boolean"],
    [checkAssetEntry({ assetId: " a" }), 'at /assetId: " a" begins or ends with white space'],
    [
      checkTemplate({ version: "1", source: "a.ts", decode: "b.js" }),
      'at /decode: not allowed beside "source"',
    ],
    [
      checkTemplate({ version: "1", contentType: "json" }),
      'at /contentType: "json" is not allowed, expected: a media type',
    ],
    [checkCases([]), "at /: 0 items, allowed: at least 1"],
    [
      checkCases({ name: "n", input: {}, expect: { filtered: true } }),
      "at /input: exactly one of these keys must be there: payload, payloadBase64, payloadHex",
    ],
    [
      checkCases([{ name: "n", input: { payload: 1 }, expect: {} }]),
      "at /0/expect: exactly one of these keys must be there: event, events, filtered, rejection",
    ],
    [
      checkCases({
        name: "n",
        input: { payload: 1 },
        expect: { rejection: { stage: "decode", type: "runtime", code: "X" } },
      }),
      'at /expect/rejection/code: "X" is none of the alternatives of "Rejection code"',
    ],
  ])("%j", (checked, expected) => {
    const problems = problemsOf(checked);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test("of an EVA field speak of the form that its type asks for", () => {
    const geo = { version: "1", eva: [{ name: "p", type: "geo", path: "$" }] };
    expect(problemsOf(checkTemplate(geo))).toEqual([
      'at /eva/0: the key "latPath" is missing',
      'at /eva/0: the key "lonPath" is missing',
      'at /eva/0: unknown key "path", allowed: name, type, latPath, lonPath, altPath, required',
    ]);
  });

  test("include two EVA fields of one name", () => {
    const field = { name: "t", type: "number", path: "$.data.t" };
    expect(problemsOf(checkTemplate({ version: "1", eva: [field, { ...field, type: "string" }] }))).toEqual([
      'at /eva: two items have the same "name"',
    ]);
    expect(checkTemplate({ version: "1", eva: [field, { ...field, name: "u" }] }).kind).toBe("valid");
  });

  test("show a long value only in part", () => {
    const [problem = ""] = problemsOf(checkConfig({ sandbox: { isolation: "x".repeat(100_000) } }));
    expect(problem.length).toBeLessThan(200);
  });

  test("are lines, whatever the document", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (document) => {
        for (const check of [
          checkTemplate,
          checkAssetEntry,
          checkOrg,
          checkCases,
          checkConfig,
          checkOutcomeLine,
        ]) {
          const checked = check(document);
          if (checked.kind === "valid") continue;
          expect(checked.problems.length).toBeGreaterThan(0);
          for (const problem of checked.problems) expect(problem).toMatch(/^at \/[^\n]*: [^\n]+$/);
        }
      }),
    );
  });
});

describe("a raw event line", () => {
  const line = { orgId: "acme", assetId: "dev-1", payloadHex: "00" };

  test("is handed back as it is", () => {
    expect(checkRawEventLine(line)).toEqual({ kind: "valid", value: line });
    expect(checkRawEventLine({ orgId: "acme", assetId: "dev-1", payload: null }).kind).toBe("valid");
  });

  test.each([
    ["BAD_LINE", null, "at /: null is not an object"],
    ["BAD_LINE", [line], "at /: an array is not an object"],
    ["BAD_LINE", {}, 'the key "orgId" is missing'],
    ["BAD_LINE", { orgId: "a", payload: 1 }, 'at /: the key "assetId" is missing'],
    ["BAD_LINE", { ...line, eventID: "1" }, 'unknown key "eventID"'],
    ["BAD_LINE", { ...line, orgId: 7 }, "at /orgId: 7 is not a string"],
    ["BAD_LINE", { ...line, headers: { a: 1 } }, "at /headers/a: 1 is not a string"],
    ["BAD_LINE", { ...line, contentType: "" }, "at /contentType"],
    ["BAD_ID", { ...line, orgId: "a b" }, 'at /orgId: "a b" may hold only'],
    ["BAD_ID", { ...line, assetId: "é".repeat(200) }, "is 400 bytes long"],
    ["BAD_ID", { ...line, templateId: "" }, 'at /templateId: "" is empty'],
    ["BAD_ID", { ...line, eventId: "a\n" }, "at /eventId"],
    [
      "BAD_TIME",
      { ...line, time: "yesterday" },
      "expected: a moment as Millrace reads it: ISO 8601 with a zone",
    ],
    ["BAD_TIME", { ...line, time: 1740816900000 }, "at /time: 1740816900000 is not a string"],
    ["BAD_HEX", { ...line, payloadHex: 0 }, "at /payloadHex"],
    ["BAD_BASE64", { orgId: "a", assetId: "b", payloadBase64: null }, "at /payloadBase64"],
    ["BAD_ATTRIBUTES", { ...line, attributes: "{}" }, "at /attributes"],
    ["NO_PAYLOAD", { orgId: "a", assetId: "b" }, "found: none"],
    ["TWO_PAYLOADS", { ...line, payload: null }, "found: payload, payloadHex"],
  ])("is %s where it is %j", (code, value, message) => {
    expect(checkRawEventLine(value)).toMatchObject({
      kind: "invalid",
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  test("is told one problem, whatever it holds", () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 1]));
    const checked = checkRawEventLine({ ...line, ...many });
    expect(checked.kind === "invalid" && checked.message.length).toBeLessThan(300);
  });

  test("never throws", () => {
    const key = fc.constantFrom(
      "orgId",
      "assetId",
      "payload",
      "payloadHex",
      "time",
      "attributes",
      "__proto__",
      "toString",
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.jsonValue())), (value) => {
        expect(["valid", "invalid"]).toContain(checkRawEventLine(value).kind);
      }),
    );
  });
});

describe("an outcome line", () => {
  test("is checked down to the event", () => {
    expect(checkOutcomeLine({ outcome: "filtered", eventId: "line-1" }).kind).toBe("valid");
    expect(checkOutcomeLine({ outcome: "standard", event: { schemaVersion: 1 } }).kind).toBe("invalid");
  });
});
