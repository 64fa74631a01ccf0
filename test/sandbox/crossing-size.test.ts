import { describe, expect, test } from "vitest";
import { createCrossingSize, type CrossingSize } from "../../src/sandbox/crossing-size.ts";

/** What the size comes to after many crossings whose events cost so much each. */
function settled(size: CrossingSize, eventUs: number): number {
  for (let crossing = 0; crossing < 60; crossing += 1) {
    const events = size.next();
    size.observe(events, events * eventUs);
  }
  return size.next();
}

describe("the size of a crossing", () => {
  test("starts small and grows to the limit for a template whose events are cheap", () => {
    const size = createCrossingSize(256);
    const first = size.next();
    expect(first).toBeGreaterThan(1);
    expect(first).toBeLessThan(256);
    expect(settled(size, 3)).toBe(256);
  });

  test("never exceeds the limit, not even at first", () => {
    const size = createCrossingSize(7);
    expect(size.next()).toBe(7);
    expect(settled(size, 1)).toBe(7);
  });

  test("falls to one event for a template whose events are dear, and stays above none", () => {
    const size = createCrossingSize(256);
    expect(settled(size, 50_000)).toBe(1);
  });

  test("follows the cost both ways, in proportion", () => {
    const size = createCrossingSize(10_000);
    const at130 = settled(size, 130);
    const at520 = settled(size, 520);
    expect(at130 / at520).toBeCloseTo(4, 0);
    expect(settled(size, 130)).toBe(at130);
  });

  test("does not take the first crossing, which compiles, for what events cost", () => {
    const size = createCrossingSize(256);
    size.observe(32, 200_000);
    expect(size.next()).toBeGreaterThan(8);
  });

  test("learns nothing from a crossing that gave no result", () => {
    const size = createCrossingSize(256);
    const before = size.next();
    size.observe(0, 100_000);
    expect(size.next()).toBe(before);
  });
});

describe("probation", () => {
  test("keeps crossings at one event until 1,000 have passed, and then they are as before", () => {
    const size = createCrossingSize(256);
    const before = settled(size, 3);
    expect(size.onProbation()).toBe("no");
    size.startProbation();
    for (let event = 0; event < 1_000; event += 1) {
      expect([size.next(), size.onProbation()]).toEqual([1, "yes"]);
      size.passOne();
    }
    expect([size.next(), size.onProbation()]).toEqual([before, "no"]);
  });

  test("begins anew at each failure", () => {
    const size = createCrossingSize(256);
    size.startProbation();
    for (let event = 0; event < 999; event += 1) size.passOne();
    size.startProbation();
    for (let event = 0; event < 999; event += 1) size.passOne();
    expect(size.onProbation()).toBe("yes");
    size.passOne();
    expect(size.onProbation()).toBe("no");
  });
});
