import { expect, test } from "vitest";
import { nearestName } from "../../src/model/nearest-name.ts";

const names = ["executors", "isolation", "crossingEvents", "stageCpuMs"];

test.each([
  ["executor", "executors"],
  ["exectuors", "executors"],
  ["EXECUTORS", "executors"],
  ["stageCpu", "stageCpuMs"],
  ["crossing-events", "crossingEvents"],
  ["isolatoin", "isolation"],
])("%s is taken for %s", (written, meant) => {
  expect(nearestName(written, names)).toBe(meant);
});

test("a word that is like none of the names gets no proposal", () => {
  expect(nearestName("kafka", names)).toBeUndefined();
  expect(nearestName("x", [])).toBeUndefined();
});
