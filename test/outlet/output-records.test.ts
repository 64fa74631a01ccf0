import { describe, expect, it } from "vitest";
import type { Rejection } from "../../src/model/contract.ts";
import type { InputRecord } from "../../src/model/raw-event.ts";
import { createOutputWriter, type FinishedEvent } from "../../src/outlet/output-records.ts";
import { createRejection } from "../../src/outlet/rejection.ts";
import type { Outcome } from "../../src/pipeline/outcome.ts";
import { fault, identity, record, shown, sizesOf } from "./finished-event.ts";

const plainTopics = { events: "events", deadLetters: "dead-letters" };
const patterns = { events: "events.{org}", deadLetters: "dead-letters.{org}" };

interface Options {
  readonly topics?: typeof plainTopics;
  readonly limits?: Readonly<Record<string, number>>;
}

function write(event: Partial<FinishedEvent> & { outcome: Outcome }, options: Options = {}) {
  const { topics = plainTopics, limits } = options;
  const writer = createOutputWriter({ topics, sizes: sizesOf(limits) });
  return writer({ record, identity, ...event });
}

function standard(...values: readonly object[]): Outcome {
  const shape = values.length === 1 ? "one" : "many";
  return { kind: "standard", shape, values: values.map((value) => Buffer.from(JSON.stringify(value))) };
}

function rejected(changes: Partial<Rejection> = {}, of: InputRecord = record): Outcome {
  return { kind: "rejected", rejection: { ...createRejection({ identity, fault, record: of }), ...changes } };
}

function traced(flags: string, name = "traceparent"): InputRecord {
  const value = Buffer.from(`00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-${flags}`);
  return { ...record, headers: [[name, value]] };
}

describe("a standard event", () => {
  it("goes to the events topic with the input's key and timestamp and the org as header, to no partition of ours", () => {
    const { records, rejection } = write({ outcome: standard({ a: 1 }) });
    expect(records.map(shown)).toEqual([
      {
        topic: "events",
        key: "acme/gate-7",
        value: { a: 1 },
        headers: [["org", "acme"]],
        timestampMs: record.timestampMs,
      },
    ]);
    expect(rejection).toBeUndefined();
  });

  it("is its own record where there are several, in their order", () => {
    const { records } = write({ outcome: standard({ a: 1 }, { a: 2 }, { a: 3 }) });
    expect(records.map((output) => shown(output).value)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it("has no key where the input has none, and the executor's bytes as they are", () => {
    const outcome = standard({ a: 1 });
    const { records } = write({ outcome, record: { ...record, key: null } });
    expect(records[0]!.key).toBeNull();
    expect(records[0]!.value).toBe((outcome as { values: readonly Uint8Array[] }).values[0]);
  });

  it.each(["01", "03"])("has the input's traceparent where its flags %s say that it is sampled", (flags) => {
    const { records } = write({ outcome: standard({}), record: traced(flags, "TraceParent") });
    expect(shown(records[0]!).headers).toEqual([
      ["org", "acme"],
      ["traceparent", `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-${flags}`],
    ]);
  });

  it.each(["00", "02", "xx", `01-${"x".repeat(300)}`])(
    "has no traceparent where its flags are %s",
    (flags) => {
      const { records } = write({ outcome: standard({}), record: traced(flags) });
      expect(shown(records[0]!).headers).toEqual([["org", "acme"]]);
    },
  );

  it("goes to its org's topic where that is a pattern, also from one org to the next", () => {
    const writer = createOutputWriter({ topics: patterns, sizes: sizesOf() });
    const places = ["acme", "globex", "acme", "acme"].map((orgId) => {
      const { records } = writer({ record, identity: { ...identity, orgId }, outcome: standard({}) });
      return [records[0]!.topic, Buffer.from(records[0]!.headers[0]![1]).toString()];
    });
    expect(places).toEqual(["acme", "globex", "acme", "acme"].map((orgId) => [`events.${orgId}`, orgId]));
  });
});

describe("an event that is filtered", () => {
  it("leaves no record", () => {
    expect(write({ outcome: { kind: "filtered", eventId: "e" } })).toEqual({ records: [] });
  });
});

describe("a rejection", () => {
  it("goes to the dead-letter topic with the input's key and timestamp and the org as header", () => {
    const outcome = rejected();
    const { records } = write({ outcome });
    expect(records.map(shown)).toEqual([
      {
        topic: "dead-letters",
        key: "acme/gate-7",
        value: (outcome as { rejection: Rejection }).rejection,
        headers: [["org", "acme"]],
        timestampMs: record.timestampMs,
      },
    ]);
  });

  it("has the trace's header too", () => {
    const { records } = write({ outcome: rejected(), record: traced("01") });
    expect(shown(records[0]!).headers[1]![0]).toBe("traceparent");
  });

  it("of an unknown org has no header for it, and goes to a topic that no org can have", () => {
    const outcome = rejected({ orgId: null });
    expect(shown(write({ outcome }).records[0]!)).toMatchObject({ topic: "dead-letters", headers: [] });
    expect(write({ outcome }, { topics: patterns }).records[0]!.topic).toBe("dead-letters._unknown");
    expect(write({ outcome: rejected() }, { topics: patterns }).records[0]!.topic).toBe("dead-letters.acme");
  });

  it("that is too large for its topic leaves its payload out", () => {
    const large = { ...record, payload: Buffer.alloc(3000, 7) };
    const { records } = write(
      { outcome: rejected({}, large), record: large },
      { limits: { "dead-letters": 2000 } },
    );
    const { record: stated } = shown(records[0]!).value as Rejection;
    expect(stated).not.toHaveProperty("payloadBase64");
    expect(stated.payloadOmitted).toMatchObject({ bytes: 3000 });
  });
});

describe("a standard event that is too large for its topic", () => {
  // 96 for the record, 11 the key, 17 the header `org`.
  const overhead = 96 + 11 + 10 + 3 + 4;

  it("is one whose record the log would not take, to the byte", () => {
    const outcome = standard({ text: "é".repeat(50) });
    const bytes = overhead + Buffer.byteLength(JSON.stringify({ text: "é".repeat(50) }));
    expect(write({ outcome }, { limits: { events: bytes } }).records[0]!.topic).toBe("events");
    const { records, rejection } = write({ outcome }, { limits: { events: bytes - 1 } });
    expect(rejection).toMatchObject({
      stage: "output",
      type: "output",
      code: "TOO_LARGE",
      message: `the finished event's record has ${bytes} bytes, topic events takes at most ${bytes - 1}`,
      eventId: "e-1",
      orgId: "acme",
      assetId: "gate-7",
      templateId: "cold-room",
      templateVersion: "1.4.0",
      time: "2025-03-01T08:15:00.000Z",
    });
    expect(records.map(shown)).toMatchObject([{ topic: "dead-letters", value: rejection }]);
  });

  it("takes all others of its raw event with it", () => {
    const outcome = standard({ a: 1 }, { a: "x".repeat(500) }, { a: 3 });
    const { records, rejection } = write({ outcome }, { limits: { events: 400 } });
    expect(records.map(({ topic }) => topic)).toEqual(["dead-letters"]);
    expect(rejection!.code).toBe("TOO_LARGE");
  });

  it("may be so for its key alone", () => {
    const { rejection } = write(
      { outcome: standard({}), record: { ...record, key: Buffer.alloc(500) } },
      { limits: { events: 400 } },
    );
    expect(rejection!.code).toBe("TOO_LARGE");
  });
});
