import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTurnQueue } from "../../src/sandbox/turn-queue.ts";

describe("lanes take turns", () => {
  test("in the order of asking within a lane, and by cost between lanes", () => {
    const queue = createTurnQueue<string>();
    for (const item of ["a1", "a2", "a3"]) queue.push("a", item);
    for (const item of ["b1", "b2", "b3"]) queue.push("b", item);
    const taken: string[] = [];
    for (let item = queue.peek(); item !== undefined; item = queue.peek()) {
      expect(queue.take()).toBe(item);
      taken.push(item);
      // An item of `a` costs twice as much as one of `b`.
      queue.charge(item.slice(0, 1), item.startsWith("a") ? 200 : 100);
    }
    expect(taken).toEqual(["a1", "b1", "b2", "a2", "b3", "a3"]);
    expect(queue.size).toBe(0);
  });

  test("and one that was idle has saved nothing up", () => {
    const queue = createTurnQueue<string>();
    queue.push("late", "l0");
    queue.take();
    queue.charge("late", 1);
    for (let n = 0; n < 10; n += 1) {
      queue.push("busy", `b${n}`);
      queue.take();
      queue.charge("busy", 1_000);
    }
    for (let n = 0; n < 4; n += 1) {
      queue.push("late", `l${n}`);
      queue.push("busy", `b${n}`);
    }
    const turns = queue.drain().map((item) => item.slice(0, 1));
    // Nothing is charged here, so that only what the lanes began with decides.
    expect(turns.join("")).toBe("llllbbbb");
    queue.push("late", "l");
    queue.push("busy", "b");
    queue.charge("late", 1_001);
    expect(queue.take()).toBe("b");
  });

  test("and what was guessed too high is given back", () => {
    const queue = createTurnQueue<string>();
    for (const lane of ["a", "b"]) for (const n of [1, 2]) queue.push(lane, `${lane}${n}`);
    expect(queue.take()).toBe("a1");
    queue.charge("a", 5_000);
    queue.charge("a", -5_000);
    expect(queue.take()).toBe("a2");
  });

  test("so that lanes which always ask get the same, whatever their items cost", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 6 }), (costs) => {
        const queue = createTurnQueue<number>();
        const used = costs.map(() => 0);
        for (const lane of costs.keys()) queue.push(String(lane), lane);
        for (let turn = 0; turn < 2_000; turn += 1) {
          const lane = queue.take() as number;
          const cost = costs[lane] as number;
          used[lane] = (used[lane] as number) + cost;
          queue.charge(String(lane), cost);
          queue.push(String(lane), lane);
        }
        expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(Math.max(...costs));
      }),
    );
  });
});
