import { expect, test } from "vitest";
import { rewriteExpectations } from "../../src/catalog/rewrite-expectation.ts";

const event = { event: { eventType: "t", data: { a: 1, list: [1, 2] } } };
const long = {
  event: { eventType: "t", data: { text: "x".repeat(60), other: "y".repeat(40), list: [1, 2] } },
};

test("only the expectation changes; white space, order of keys and spelling of the rest stay", () => {
  const text =
    '[\n  {"name":  "\\u0061",\n    "expect": { "filtered":true },\n  "input": {"payloadHex": "01"} }\n]\n';
  expect(rewriteExpectations(text, [{ index: 0, expect: event }])).toBe(
    '[\n  {"name":  "\\u0061",\n    "expect": { "event": { "eventType": "t", "data": { "a": 1, "list": [1, 2] } } },\n  "input": {"payloadHex": "01"} }\n]\n',
  );
});

test("what does not fit on a line is broken with the file's own indentation and line ends", () => {
  const text = '{\r\n\t"name": "a",\r\n\t"expect": { "filtered": true }\r\n}\r\n';
  expect(rewriteExpectations(text, [{ index: 0, expect: long }])).toBe(
    [
      "{",
      '\t"name": "a",',
      '\t"expect": {',
      '\t\t"event": {',
      '\t\t\t"eventType": "t",',
      '\t\t\t"data": {',
      `\t\t\t\t"text": "${"x".repeat(60)}",`,
      `\t\t\t\t"other": "${"y".repeat(40)}",`,
      '\t\t\t\t"list": [1, 2]',
      "\t\t\t}",
      "\t\t}",
      "\t}",
      "}",
      "",
    ].join("\r\n"),
  );
});

test("a file on one line stays on one line", () => {
  expect(rewriteExpectations('{"name":"a","expect":{"filtered":true}}', [{ index: 0, expect: long }])).toBe(
    `{"name":"a","expect":${JSON.stringify(long)}}`,
  );
});

test("several cases of one file change at once, in any order", () => {
  const text = '[{ "expect": 1 },\n { "expect": 2 },\n { "expect": 3 }]';
  const changed = rewriteExpectations(text, [
    { index: 2, expect: { filtered: true } },
    { index: 0, expect: { filtered: true } },
  ]);
  expect(changed).toBe(
    '[{ "expect": { "filtered": true } },\n { "expect": 2 },\n { "expect": { "filtered": true } }]',
  );
});
