import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/fleet/random.ts";

function draw(seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe("createRandom", () => {
  it("gives the same stream for the same seed and another for every other seed, beyond 32 bits too", () => {
    expect(draw(42, 100)).toEqual(draw(42, 100));
    const streams = [0, 1, -1, 42, 42 + 2 ** 32, Number.MAX_SAFE_INTEGER].map((seed) => draw(seed, 4).join());
    expect(new Set(streams).size).toBe(streams.length);
  });

  it("spreads numbers evenly from 0 to 1", () => {
    const numbers = draw(7, 100_000);
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => numbers.filter((n) => Math.floor(n * 10) === tenth).length,
    );
    expect(tenths.reduce((sum, count) => sum + count)).toBe(100_000);
    // The standard deviation of each count is 95.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it("draws whole numbers with both ends included", () => {
    const random = createRandom(3);
    expect(new Set(Array.from({ length: 1000 }, () => random.integer(-2, 2)))).toEqual(
      new Set([-2, -1, 0, 1, 2]),
    );
  });

  it("deviates by the standard deviation asked for and never by more than three of them", () => {
    const random = createRandom(5);
    const values = Array.from({ length: 50_000 }, () => random.deviation(2));
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.sqrt(variance)).toBeCloseTo(2, 1);
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(6);
  });

  it("refuses a seed that is not a safe integer", () => {
    expect(() => createRandom(0.5)).toThrow(RangeError);
    expect(() => createRandom(2 ** 60)).toThrow(RangeError);
  });
});
