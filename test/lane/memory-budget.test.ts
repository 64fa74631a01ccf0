import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMemoryBudget, type Reservation } from "../../src/lane/memory-budget.ts";

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe("a memory budget", () => {
  test("has whoever finds it used up wait, in the order of asking", async () => {
    const budget = createMemoryBudget({ bytes: 100, records: 10 });
    const first = await budget.reserve(80, 1);
    const large = budget.reserve(90, 1);
    const small = budget.reserve(10, 1);
    expect([await isSettled(large), await isSettled(small)]).toEqual([false, false]);
    first.release();
    (await large).resize(50, 1);
    expect(await isSettled(small)).toBe(true);
    expect(budget.inUse()).toEqual({ bytes: 60, records: 2 });
  });

  test("counts records as well as bytes", async () => {
    const budget = createMemoryBudget({ bytes: 100, records: 10 });
    const first = await budget.reserve(1, 10);
    const second = budget.reserve(1, 1);
    expect(await isSettled(second)).toBe(false);
    first.resize(1, 9);
    expect(await isSettled(second)).toBe(true);
  });

  test("lets through alone what is larger than the whole of it", async () => {
    const budget = createMemoryBudget({ bytes: 100, records: 10 });
    const first = await budget.reserve(1, 1);
    const huge = budget.reserve(1_000, 1);
    expect(await isSettled(huge)).toBe(false);
    first.release();
    await huge;
    expect(await isSettled(budget.reserve(1, 1))).toBe(false);
  });

  test("is whole again when everything was given back, however often", async () => {
    const budget = createMemoryBudget({ bytes: 100, records: 10 });
    const held = await budget.reserve(10, 1);
    held.resize(500, 3);
    expect(budget.inUse()).toEqual({ bytes: 500, records: 3 });
    held.release();
    held.release();
    expect(budget.inUse()).toEqual({ bytes: 0, records: 0 });
  });

  test("never holds more than its bounds, save for one that is larger, and nobody waits for ever", async () => {
    const asks = fc.array(
      fc.record({ bytes: fc.integer({ min: 1, max: 60 }), records: fc.integer({ min: 1, max: 6 }) }),
      {
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(asks, async (wanted) => {
        const budget = createMemoryBudget({ bytes: 100, records: 10 });
        const granted: Reservation[] = [];
        const all = wanted.map(
          async ({ bytes, records }) => void granted.push(await budget.reserve(bytes, records)),
        );
        for (let round = 0; round <= wanted.length; round += 1) {
          await Promise.resolve();
          await Promise.resolve();
          const { bytes, records } = budget.inUse();
          expect(bytes).toBeLessThanOrEqual(100);
          expect(records).toBeLessThanOrEqual(10);
          granted.shift()?.release();
        }
        await Promise.all(all);
        for (const reservation of granted) reservation.release();
        expect(budget.inUse()).toEqual({ bytes: 0, records: 0 });
      }),
    );
  });
});
