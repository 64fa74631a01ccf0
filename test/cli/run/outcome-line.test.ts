import { expect, test } from "vitest";
import { outcomeLines } from "../../../src/cli/run/outcome-line.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

test("each outcome is one line, and finished events are copied as they are", () => {
  const lines = outcomeLines([
    { kind: "standard", shape: "one", values: [bytes('{"a": 1.0}')] },
    { kind: "standard", shape: "many", values: [bytes('{"é":1}')] },
    { kind: "standard", shape: "many", values: [bytes("{}"), bytes("{}")] },
    { kind: "filtered", eventId: 'a"b' },
  ]);
  expect(lines.toString("utf8").split("\n")).toEqual([
    '{"outcome":"standard","event":{"a": 1.0}}',
    '{"outcome":"standard","events":[{"é":1}]}',
    '{"outcome":"standard","events":[{},{}]}',
    '{"outcome":"filtered","eventId":"a\\"b"}',
    "",
  ]);
});

test("no outcome is no byte", () => {
  expect(outcomeLines([]).length).toBe(0);
});
