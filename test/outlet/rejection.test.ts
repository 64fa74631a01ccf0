import { describe, expect, it } from "vitest";
import type { InputRecord } from "../../src/model/raw-event.ts";
import type { EventFault } from "../../src/model/script-fault.ts";
import { checkOutcomeLine } from "../../src/model/validators.ts";
import { createRejection } from "../../src/outlet/rejection.ts";
import type { RejectionInput } from "../../src/outlet/rejection.ts";

const record: InputRecord = {
  topic: "millrace.ingest",
  partition: 3,
  offset: 41,
  timestampMs: Date.parse("2025-03-01T08:15:00.412Z"),
  key: Buffer.from("acme/gate-7"),
  headers: [
    ["org", Buffer.from("acme")],
    ["x", Buffer.from([0xff, 0x00])],
    ["x", Buffer.from("2")],
  ],
  payload: Buffer.from([1, 0x67, 0, 0xe1]),
};

const identity = {
  eventId: "e-1",
  orgId: "acme",
  assetId: "gate-7",
  templateId: "cold-room",
  templateVersion: "1.4.0",
  timeMs: Date.parse("2025-03-01T08:15:00.000Z"),
};

const fault: EventFault = {
  stage: "decode",
  type: "runtime",
  code: "UNCAUGHT",
  message: "RangeError: out of bounds",
  location: { file: "decode.js", line: 12, column: 9 },
};

/** A rejection, checked against the schema. */
function reject(overrides: Partial<RejectionInput> = {}) {
  const rejection = createRejection({ identity, fault, record, ...overrides });
  expect(
    checkOutcomeLine({ outcome: "rejected", rejection: JSON.parse(JSON.stringify(rejection)) as unknown }),
  ).toMatchObject({ kind: "valid" });
  return rejection;
}

function withMessage(message: string): EventFault {
  return { ...fault, message };
}

describe("a rejection", () => {
  it("says who, why, where and when, and holds the raw record whole, so that it can be redriven", () => {
    expect(reject()).toEqual({
      schemaVersion: 1,
      eventId: "e-1",
      orgId: "acme",
      assetId: "gate-7",
      templateId: "cold-room",
      templateVersion: "1.4.0",
      stage: "decode",
      type: "runtime",
      code: "UNCAUGHT",
      message: "RangeError: out of bounds",
      location: { file: "decode.js", line: 12, column: 9 },
      time: "2025-03-01T08:15:00.000Z",
      ingested: "2025-03-01T08:15:00.412Z",
      record: {
        topic: "millrace.ingest",
        partition: 3,
        offset: 41,
        timestamp: "2025-03-01T08:15:00.412Z",
        keyBase64: Buffer.from("acme/gate-7").toString("base64"),
        headers: [
          { name: "org", valueBase64: "YWNtZQ==" },
          { name: "x", valueBase64: "/wA=" },
          { name: "x", valueBase64: "Mg==" },
        ],
        payloadBase64: "AWcA4Q==",
      },
    });
  });

  it("whose org is unknown has orgId null, and so have the other ids", () => {
    const unknown = { ...identity, orgId: null, assetId: null, templateId: null, templateVersion: null };
    expect(reject({ identity: unknown })).toMatchObject({
      orgId: null,
      assetId: null,
      templateId: null,
      templateVersion: null,
    });
  });

  it("of a line has no topic, partition and key", () => {
    const line = { ...record, topic: null, partition: null, key: null, headers: [] };
    expect(reject({ record: line }).record).toMatchObject({
      topic: null,
      partition: null,
      keyBase64: null,
      headers: [],
    });
  });

  it("has a stack where the fault has one, with its line breaks", () => {
    expect(reject()).not.toHaveProperty("stack");
    const stack = "at decode (decode.js:12:9)\nat \u001b[31mread\r (decode.js:3:1)";
    expect(reject({ fault: { ...fault, stack } }).stack).toBe(
      "at decode (decode.js:12:9)\nat \\x1b[31mread\\x0d (decode.js:3:1)",
    );
  });

  it("has a harmless message on one line", () => {
    expect(reject({ fault: withMessage("\u001b[2Jgone\nat decode (evil.js:1:1)") }).message).toBe(
      "\\x1b[2Jgone at decode (evil.js:1:1)",
    );
  });

  it("has a message and a stack of bounded length that say how much was cut", () => {
    const rejection = reject({ fault: { ...withMessage("m".repeat(5000)), stack: "s".repeat(20_000) } });
    expect(rejection.message).toBe(`${"m".repeat(4096)}… (904 more characters)`);
    expect(rejection.stack).toBe(`${"s".repeat(16_384)}… (3616 more characters)`);
  });

  it.each([
    ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736"],
    ["01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-new", "4bf92f3577b34da6a3ce929d0e0e4736"],
    ["00-00000000000000000000000000000000-00f067aa0ba902b7-01", undefined],
    ["ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", undefined],
    ["00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", undefined],
    ["nonsense", undefined],
  ])("has the trace id of the record's traceparent %s", (traceparent, traceId) => {
    const traced = { ...record, headers: [["TraceParent", Buffer.from(traceparent)] as const] };
    expect(reject({ record: traced }).traceId).toBe(traceId);
  });

  it("of a record that was too large to be read says so as well", () => {
    const payloadOmitted = { bytes: 50_000_000, sha256: "0".repeat(64) };
    const rejection = reject({ record: { ...record, payload: new Uint8Array(0) }, payloadOmitted });
    expect(rejection.record.payloadOmitted).toEqual(payloadOmitted);
    expect(rejection.record).not.toHaveProperty("payloadBase64");
  });

  it("holds the payload alone, and not what lies beside it in memory", () => {
    const memory = Buffer.from("before|payload|after");
    expect(
      reject({ record: { ...record, payload: new Uint8Array(memory.buffer, memory.byteOffset + 7, 7) } })
        .record.payloadBase64,
    ).toBe(Buffer.from("payload").toString("base64"));
  });
});
