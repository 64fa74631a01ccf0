import { describe, expect, test } from "vitest";
import { plainValidator } from "./plain-validator.ts";

const ajv = plainValidator();

function accepts(name: string, instance: unknown): boolean {
  const validate = ajv.getSchema(`urn:millrace:schema:${name}:1`);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return validate(instance) as boolean;
}

/** A copy with some keys set, and those set to `undefined` taken out. */
function change(instance: object, changes: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify({ ...instance, ...changes }));
}

const line = { orgId: "acme", assetId: "dev-1", payloadHex: "00ff" };
const standardEvent = {
  schemaVersion: 1,
  eventId: "line-1",
  eventType: "climate.measured",
  created: "2025-03-01T08:15:00.000Z",
  ingested: "2025-03-01T08:15:00.412Z",
  data: { temperature: 22.5 },
  orgId: "acme",
  assetId: "dev-1",
  templateId: "cold-room",
  templateVersion: "1",
};
const record = {
  topic: null,
  partition: null,
  offset: 7,
  timestamp: "2025-03-01T08:15:00.412Z",
  keyBase64: null,
  headers: [{ name: "org", valueBase64: "YWNtZQ==" }],
  payloadBase64: "AQ==",
};
const rejection = {
  schemaVersion: 1,
  eventId: "line-7",
  orgId: "acme",
  assetId: null,
  templateId: null,
  templateVersion: null,
  stage: "intake",
  type: "envelope",
  code: "BAD_TIME",
  message: "time cannot be read",
  time: "2025-03-01T08:15:00.412Z",
  ingested: "2025-03-01T08:15:00.412Z",
  record,
};
const template = { version: "1.4.0", decode: "decode.js" };
const evaNumber = { name: "temperature", type: "number", path: "$.data.temperature" };
const evaGeo = { name: "position", type: "geo", latPath: "$.data.lat", lonPath: "$.data.lon" };
const caseEntry = { name: "one", input: { payloadHex: "00" }, expect: { filtered: true } };
const sha256 = "0".repeat(64);

type Rows = Record<string, unknown>;

const good: Record<string, Rows> = {
  "raw-event": {
    "bytes in hexadecimal": line,
    "bytes in base64": { orgId: "acme", assetId: "dev-1", payloadBase64: "AP8=" },
    "an empty payload": change(line, { payloadHex: "" }),
    "null as a JSON payload": { orgId: "acme", assetId: "dev-1", payload: null },
    "all keys": change(line, {
      templateId: "cold.room-1",
      eventId: "é 1",
      time: "2025-03-01T09:15:00,123456+0100",
      contentType: "text/csv; charset=utf-8",
      headers: { gateway: "gw" },
      attributes: { fPort: 2, nested: { any: [null] } },
    }),
    "an id of 63 characters": change(line, { orgId: "a".repeat(63) }),
    "an inner space in an asset id": change(line, { assetId: "pump 7/ü" }),
  },
  "standard-event": {
    "the least": standardEvent,
    "all keys": change(standardEvent, {
      metadata: {},
      eva: {
        number: { t: 1.5 },
        string: { s: "" },
        bool: { b: false },
        date: { d: "2025-03-01T08:15:00.000Z" },
        geo: { p: { lat: -90, lon: 180, alt: -3 } },
      },
      warnings: ["a value was left out"],
    }),
    "a key that a later release adds": change(standardEvent, { later: 1, eva: { vector: {} } }),
  },
  rejection: {
    "with little known": rejection,
    "with an org that is not known": change(rejection, { orgId: null }),
    "with all keys": change(rejection, {
      location: { file: "decode.js", line: 1, column: 1 },
      stack: "at decode (decode.js:1:1)",
      traceId: "0af7651916cd43dd8448eb211c80319c",
    }),
    "with its payload left out": change(rejection, {
      record: change(record, { payloadBase64: undefined, payloadOmitted: { bytes: 52428800, sha256 } }),
    }),
    "of a topic's record": change(rejection, {
      record: change(record, { topic: "millrace.ingest", partition: 3, offset: 0, keyBase64: "YWNtZQ==" }),
    }),
    "with a code and a key that a later release adds": change(rejection, { code: "LATER_CODE", later: true }),
  },
  outcome: {
    "one event": { outcome: "standard", event: standardEvent },
    "several events": { outcome: "standard", events: [standardEvent, standardEvent] },
    filtered: { outcome: "filtered", eventId: "line-3" },
    rejected: { outcome: "rejected", rejection },
  },
  template: {
    "no stage": { version: "v3" },
    "three files": change(template, { validate: "lib/validate.js", transform: "transform.js" }),
    "one module": { version: "1", source: "template.ts" },
    "all else": change(template, {
      eva: [evaNumber, change(evaGeo, { altPath: "$.data.alt", required: true })],
      contentType: "application/vnd.acme+json; v=1",
      dialect: "lorawan",
      limits: { stageCpuMs: 20, outputBytes: 1000, payloadBytes: 1000 },
    }),
    "two dots within a file's name": { version: "1", decode: "a..b.js" },
  },
  assets: {
    none: [],
    "a bound one with all keys": [
      { assetId: "dev 1", templateId: "t", debugEnabled: true, attributes: { a: null } },
    ],
    "an unbound one": [{ assetId: "dev-1" }],
  },
  org: {
    empty: {},
    "all limits": { limits: { stageCpuMs: 1, memoryMb: 8, outputBytes: 1, payloadBytes: 1 } },
  },
  case: {
    "one case": caseEntry,
    "an array of cases": [caseEntry, change(caseEntry, { expect: { event: { eventType: "x" } } })],
    "several events": change(caseEntry, { expect: { events: [{}, { data: { a: 1 } }] } }),
    "a rejection": change(caseEntry, { expect: { rejection: { stage: "decode", type: "runtime" } } }),
    "a rejection in all detail": change(caseEntry, {
      expect: {
        rejection: { stage: "validate", type: "validation", code: "VALIDATE_REFUSED", message: "too cold" },
      },
    }),
    "all of the input": change(caseEntry, {
      input: {
        assetId: "a",
        eventId: "e",
        time: "2025-03-01T08:15Z",
        contentType: "a/b",
        payload: 0,
        headers: {},
        attributes: {},
      },
    }),
  },
  config: {
    empty: {},
    "all keys": {
      catalog: "dir:./catalog",
      sandbox: {
        executors: 1,
        isolation: "thread",
        crossingEvents: 1,
        isolatesPerExecutor: 1,
        spareIsolates: 0,
      },
      limits: {
        stageCpuMs: 1,
        memoryMb: 8,
        outputBytes: 1,
        payloadBytes: 1,
        lineBytes: 1024,
        sourceBytes: 1024,
      },
    },
  },
};

const bad: Record<string, Rows> = {
  "raw-event": {
    "no orgId": change(line, { orgId: undefined }),
    "no assetId": change(line, { assetId: undefined }),
    "no payload": change(line, { payloadHex: undefined }),
    "two payloads": change(line, { payload: null }),
    "three payloads": change(line, { payload: null, payloadBase64: "" }),
    "an unknown key": change(line, { eventID: "1" }),
    "an org id with a dot": change(line, { orgId: "ac.me" }),
    "an org id of 64 characters": change(line, { orgId: "a".repeat(64) }),
    "an asset id with an outer space": change(line, { assetId: "dev-1 " }),
    "an asset id with a control character": change(line, { assetId: "dev\u00851" }),
    "an empty event id": change(line, { eventId: "" }),
    "a time without a zone": change(line, { time: "2025-03-01T08:15:00" }),
    "a time as a number": change(line, { time: 1740816900000 }),
    "a header that is no text": change(line, { headers: { a: 1 } }),
    "attributes that are no object": change(line, { attributes: [] }),
    "an array": [line],
    null: null,
  },
  "standard-event": {
    ...Object.fromEntries(
      Object.keys(standardEvent).map((key) => [`no ${key}`, change(standardEvent, { [key]: undefined })]),
    ),
    "another schemaVersion": change(standardEvent, { schemaVersion: 2 }),
    "empty data": change(standardEvent, { data: {} }),
    "data as an array": change(standardEvent, { data: [1] }),
    "an empty eventType": change(standardEvent, { eventType: "" }),
    "a time with a zone other than Z": change(standardEvent, { created: "2025-03-01T08:15:00.000+00:00" }),
    "a time without milliseconds": change(standardEvent, { ingested: "2025-03-01T08:15:00Z" }),
    "a number among the text values": change(standardEvent, { eva: { string: { a: 1 } } }),
    "a latitude out of range": change(standardEvent, { eva: { geo: { p: { lat: 90.1, lon: 0 } } } }),
    "a position without longitude": change(standardEvent, { eva: { geo: { p: { lat: 0 } } } }),
    "a warning that is no text": change(standardEvent, { warnings: [{}] }),
  },
  rejection: {
    ...Object.fromEntries(
      Object.keys(rejection).map((key) => [`no ${key}`, change(rejection, { [key]: undefined })]),
    ),
    "an unknown stage": change(rejection, { stage: "load" }),
    "an unknown type": change(rejection, { type: "script" }),
    "a code in lower case": change(rejection, { code: "bad_time" }),
    "a line counted from 0": change(rejection, { location: { file: "a.js", line: 0, column: 1 } }),
    "neither payload nor its omission": change(rejection, {
      record: change(record, { payloadBase64: undefined }),
    }),
    "both payload and its omission": change(rejection, {
      record: change(record, { payloadOmitted: { bytes: 1, sha256 } }),
    }),
    "a negative offset": change(rejection, { record: change(record, { offset: -1 }) }),
  },
  outcome: {
    "an unknown outcome": { outcome: "dropped" },
    "both event and events": { outcome: "standard", event: standardEvent, events: [standardEvent] },
    "no event in events": { outcome: "standard", events: [] },
    "101 events": { outcome: "standard", events: Array.from({ length: 101 }, () => standardEvent) },
    "filtered without its id": { outcome: "filtered" },
    "rejected without the rejection": { outcome: "rejected" },
  },
  template: {
    "no version": { decode: "decode.js" },
    "an unknown key": change(template, { decoder: "decode.js" }),
    "source beside a stage's file": change(template, { source: "template.ts" }),
    "a file outside the directory": change(template, { decode: "../decode.js" }),
    "a file outside, further in": change(template, { decode: "lib/../../decode.js" }),
    "an absolute file": change(template, { decode: "/etc/passwd" }),
    "a file with a drive": change(template, { decode: "C:x.js" }),
    "a file with backslashes": change(template, { decode: "..\\x.js" }),
    "a version with a space": change(template, { version: "1 4" }),
    "a media type without a slash": change(template, { contentType: "json" }),
    "an unknown dialect": change(template, { dialect: "auto" }),
    "memory among its limits": change(template, { limits: { memoryMb: 32 } }),
    "a limit of zero": change(template, { limits: { stageCpuMs: 0 } }),
    "an EVA field of an unknown type": change(template, { eva: [change(evaNumber, { type: "int" })] }),
    "an EVA field without a path": change(template, { eva: [change(evaNumber, { path: undefined })] }),
    "an EVA field with a relative path": change(template, { eva: [change(evaNumber, { path: "data.t" })] }),
    "an EVA field with a name that starts with _": change(template, {
      eva: [change(evaNumber, { name: "__proto__" })],
    }),
    "a geo field with a path": change(template, { eva: [change(evaGeo, { path: "$" })] }),
    "a geo field without longitude": change(template, { eva: [change(evaGeo, { lonPath: undefined })] }),
    "an unknown key in an EVA field": change(template, { eva: [change(evaNumber, { unit: "K" })] }),
  },
  assets: {
    "one asset without its array": { assetId: "dev-1" },
    "no assetId": [{ templateId: "t" }],
    "an unknown key": [{ assetId: "a", template: "t" }],
    "debugEnabled as a text": [{ assetId: "a", debugEnabled: "yes" }],
  },
  org: {
    "an unknown key": { name: "Acme" },
    "an unknown limit": { limits: { lineBytes: 1 } },
    "too little memory": { limits: { memoryMb: 7 } },
    "half a millisecond": { limits: { stageCpuMs: 0.5 } },
  },
  case: {
    "no case": [],
    "no name": change(caseEntry, { name: undefined }),
    "no expectation": change(caseEntry, { expect: undefined }),
    "an empty expectation": change(caseEntry, { expect: {} }),
    "two expectations": change(caseEntry, { expect: { filtered: true, event: {} } }),
    "not filtered": change(caseEntry, { expect: { filtered: false } }),
    "no events": change(caseEntry, { expect: { events: [] } }),
    "an unknown code": change(caseEntry, {
      expect: { rejection: { stage: "decode", type: "runtime", code: "OOPS" } },
    }),
    "a rejection without its type": change(caseEntry, { expect: { rejection: { stage: "decode" } } }),
    "an orgId in the input": change(caseEntry, { input: { orgId: "acme", payloadHex: "" } }),
    "a templateId in the input": change(caseEntry, { input: { templateId: "t", payloadHex: "" } }),
    "an input without payload": change(caseEntry, { input: {} }),
    "an unknown key": change(caseEntry, { skip: true }),
  },
  config: {
    "an unknown section": { logs: {} },
    "an unknown key": { limits: { cpuMs: 100 } },
    "a catalog without its scheme": { catalog: "./catalog" },
    "no executor": { sandbox: { executors: 0 } },
    "an unknown isolation": { sandbox: { isolation: "none" } },
    "a number as a text": { limits: { stageCpuMs: "100" } },
    "a limit beyond its bound": { limits: { memoryMb: 4096 } },
  },
};

function rowsOf(tables: Record<string, Rows>): [schema: string, what: string, instance: unknown][] {
  return Object.entries(tables).flatMap(([schema, rows]) =>
    Object.entries(rows).map(([what, instance]): [string, string, unknown] => [schema, what, instance]),
  );
}

describe("accepts", () => {
  test.each(rowsOf(good))("%s: %s", (schema, _what, instance) => {
    expect(
      accepts(schema, instance),
      JSON.stringify(ajv.getSchema(`urn:millrace:schema:${schema}:1`)?.errors),
    ).toBe(true);
  });
});

describe("refuses", () => {
  test.each(rowsOf(bad))("%s: %s", (schema, _what, instance) => {
    expect(accepts(schema, instance)).toBe(false);
  });
});
