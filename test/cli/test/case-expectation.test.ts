import { describe, expect, test } from "vitest";
import { compareOutcome, updatedExpectation } from "../../../src/cli/test/case-expectation.ts";
import type { CaseExpectation, Rejection } from "../../../src/model/contract.ts";
import type { Outcome } from "../../../src/pipeline/outcome.ts";

const event = {
  schemaVersion: 1,
  eventId: "case",
  eventType: "t",
  created: "2025-01-01T00:00:00.000Z",
  ingested: "2025-01-01T00:00:00.000Z",
  data: { a: 1, nested: { b: [1, 2] } },
  orgId: "acme",
  assetId: "x",
  templateId: "t",
  templateVersion: "1",
};
const rejection: Rejection = {
  schemaVersion: 1,
  eventId: "case",
  orgId: "acme",
  assetId: "x",
  templateId: "t",
  templateVersion: "1",
  stage: "decode",
  type: "runtime",
  code: "UNCAUGHT",
  message: "Error: short",
  time: "2025-01-01T00:00:00.000Z",
  ingested: "2025-01-01T00:00:00.000Z",
  record: {
    topic: null,
    partition: null,
    offset: 1,
    timestamp: "2025-01-01T00:00:00.000Z",
    keyBase64: null,
    headers: [],
    payloadBase64: "",
  },
};

function standard(...events: object[]): Outcome {
  return { kind: "standard", shape: "many", values: events.map((each) => Buffer.from(JSON.stringify(each))) };
}
const one: Outcome = { ...standard(event), shape: "one" } as Outcome;
const filtered: Outcome = { kind: "filtered", eventId: "case" };
const rejected: Outcome = { kind: "rejected", rejection };

describe("an outcome passes", () => {
  test.each<[string, CaseExpectation, Outcome]>([
    ["when the named keys are equal, whatever else there is", { event: { eventType: "t" } }, one],
    ["whatever the order of keys inside a value", { event: { data: { nested: { b: [1, 2] }, a: 1 } } }, one],
    ["when no key is named", { event: {} }, one],
    [
      "when each of several events has its named keys",
      { events: [{ eventType: "t" }, { data: { c: 3 } }] },
      standard(event, { ...event, data: { c: 3 } }),
    ],
    ["when it is filtered as expected", { filtered: true }, filtered],
    [
      "when stage and type of the rejection are named",
      { rejection: { stage: "decode", type: "runtime" } },
      rejected,
    ],
    [
      "when all of the rejection is named",
      { rejection: { stage: "decode", type: "runtime", code: "UNCAUGHT", message: "Error: short" } },
      rejected,
    ],
  ])("%s", (_name, expected, outcome) => {
    expect(compareOutcome(expected, outcome).verdict).toBe("passed");
  });
});

describe("an outcome fails", () => {
  test.each<[string, CaseExpectation, Outcome, CaseExpectation]>([
    [
      "for one value deep inside a named key",
      { event: { data: { a: 1, nested: { b: [1, 3] } } } },
      one,
      { event: { data: event.data } },
    ],
    [
      "for a key inside a named key that is not named",
      { event: { data: { a: 1 } } },
      one,
      { event: { data: event.data } },
    ],
    ["for a named key that did not come out", { event: { eva: {} } }, one, { event: {} }],
    [
      "for one event where an array is expected",
      { events: [{ eventType: "t" }] },
      one,
      { event: { eventType: "t", created: event.created, data: event.data } },
    ],
    [
      "for an array of one where an event is expected",
      { event: { eventType: "t" } },
      standard(event),
      { events: [{ eventType: "t", created: event.created, data: event.data }] },
    ],
    [
      "for an event too many",
      { events: [{ eventType: "t" }] },
      standard(event, { ...event, data: { c: 3 } }),
      { events: [{ eventType: "t" }, { eventType: "t", created: event.created, data: { c: 3 } }] },
    ],
    [
      "for an event where none is expected",
      { filtered: true },
      rejected,
      { rejection: { stage: "decode", type: "runtime", code: "UNCAUGHT", message: "Error: short" } },
    ],
    [
      "for another message",
      { rejection: { stage: "decode", type: "runtime", message: "Error" } },
      rejected,
      { rejection: { stage: "decode", type: "runtime", message: "Error: short" } },
    ],
  ])("%s", (_name, expected, outcome, actual) => {
    expect(compareOutcome(expected, outcome)).toEqual({ verdict: "failed", actual });
  });
});

describe("an updated expectation", () => {
  test("names the keys that it named before", () => {
    expect(updatedExpectation({ event: { data: {} } }, one)).toEqual({ event: { data: event.data } });
  });

  test("names all that the script decides where it named none, and where the outcome is of another kind", () => {
    const whole = { event: { eventType: "t", created: event.created, data: event.data } };
    expect(updatedExpectation({ event: {} }, one)).toEqual(whole);
    expect(updatedExpectation({ filtered: true }, one)).toEqual(whole);
  });

  test.each([one, standard(event, event), filtered, rejected])("passes", (outcome) => {
    for (const before of [
      { event: {} },
      { events: [{ data: {} }] },
      { filtered: true },
      { rejection: { stage: "output", type: "output" } },
    ]) {
      expect(compareOutcome(updatedExpectation(before as CaseExpectation, outcome), outcome).verdict).toBe(
        "passed",
      );
    }
  });
});
