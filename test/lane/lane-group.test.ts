import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createMemoryBudget } from "../../src/lane/memory-budget.ts";
import { MillraceError } from "../../src/model/error.ts";
import { numbered } from "../contract/log-store.ts";
import { feed, openLanes, outputs, storeForTest, texts } from "./open-lanes.ts";

const broken = (): MillraceError => new MillraceError("EXECUTOR", "it is gone");

describe("lanes", () => {
  test("take all records through, each once, in the order of its partition", async () => {
    const { log } = await storeForTest();
    await feed(log, 95);
    const { faults } = await openLanes({ log });
    await feed(log, 190, 2, 95);
    expect(await outputs(log, 380)).toEqual([texts(190), texts(190)]);
    expect(faults).toEqual([]);
    await expect
      .poll(async () => (await log.lag("copiers", "in")).map(({ lagRecords }) => lagRecords))
      .toEqual([0, 0]);
  });

  test("run slices side by side and commit them in order", async () => {
    const { log } = await storeForTest(1);
    await feed(log, 60, 1);
    let [running, most] = [0, 0];
    const { committed } = await openLanes({
      log,
      before: async ({ items }) => {
        running += 1;
        most = Math.max(most, running);
        // The first takes longest.
        await wait(60 - (items[0]?.offset ?? 0));
        running -= 1;
      },
    });
    expect(await outputs(log, 60, 1)).toEqual([texts(60)]);
    expect(most).toBe(3);
    expect(committed.map(({ offset }) => offset)).toEqual([0, 10, 20, 30, 40, 50]);
  });

  test("go on where the last ones stopped", async () => {
    const { log } = await storeForTest();
    await feed(log, 30);
    const first = await openLanes({ log });
    await outputs(log, 60);
    await first.lanes.close();
    await feed(log, 50, 2, 30);
    const second = await openLanes({ log });
    expect(await outputs(log, 100)).toEqual([texts(50), texts(50)]);
    expect(second.owned.map(({ position }) => position)).toEqual([30, 30]);
  });

  test("of two workers have the partitions between them", async () => {
    const { log } = await storeForTest(4);
    await feed(log, 25, 4);
    const workers = [0, 1].map((index) => openLanes({ log, share: { index, of: 2 } }));
    expect(await outputs(log, 100, 4)).toEqual(Array.from({ length: 4 }, () => texts(25)));
    const owned = (await Promise.all(workers)).map((worker) =>
      worker.owned.map(({ partition }) => partition),
    );
    expect(owned).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });
});

describe("a platform fault", () => {
  test("ends the lane, which owns anew: nothing is lost or doubled", async () => {
    const { log } = await storeForTest();
    await feed(log, 100);
    let failures = 6;
    const { faults, owned } = await openLanes({
      log,
      before: async ({ items }, { partition }) => {
        await wait(1);
        if (partition === 1 && (items[0]?.offset ?? 0) >= 30 && failures > 0) {
          failures -= 1;
          throw broken();
        }
      },
    });
    expect(await outputs(log, 200)).toEqual([texts(100), texts(100)]);
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(owned.filter(({ partition }) => partition === 0)).toHaveLength(1);
    expect(owned.filter(({ partition }) => partition === 1)).toHaveLength(1 + faults.length);
  });

  test("in a slice keeps those after it from being committed", async () => {
    const { log } = await storeForTest(1);
    await feed(log, 30, 1);
    let failed = false;
    const { committed } = await openLanes({
      log,
      before: async ({ items }) => {
        if (items[0]?.offset !== 10 || failed) return;
        failed = true;
        await wait(100);
        throw broken();
      },
    });
    expect(await outputs(log, 30, 1)).toEqual([texts(30)]);
    expect(committed.map(({ offset }) => offset)).toEqual([0, 10, 20]);
  });

  test.each(["request", "answer"] as const)(
    "that loses the %s of a commit loses and doubles nothing",
    async (what) => {
      const { store, log } = await storeForTest(1);
      await feed(log, 50, 1);
      const unreliable = await store.openUnreliable();
      let commits = 0;
      const { faults } = await openLanes({
        log: unreliable.log,
        before: async () => {
          commits += 1;
          await wait(2);
          if (commits === 3) unreliable.loseNextCommit(what);
        },
      });
      expect(await outputs(log, 50, 1)).toEqual([texts(50)]);
      // Owning anew may still meet the writer that is about to end.
      expect(new Set(faults.map((fault) => (fault as MillraceError).code))).toEqual(new Set(["LOG"]));
    },
  );

  test("that another owner fences is answered by owning again", async () => {
    const { log } = await storeForTest(1);
    await feed(log, 40, 1);
    let intruded = false;
    const { faults, owned } = await openLanes({
      log,
      before: async ({ items }) => {
        if (items[0]?.offset !== 10 || intruded) return;
        intruded = true;
        const member = await log.join({
          group: "copiers",
          topics: ["in"],
          share: { index: 0, of: 1 },
          onAssignment: () => {},
          onFault: () => {},
        });
        await member.own("in", 0);
        await member.close();
      },
    });
    expect(await outputs(log, 40, 1)).toEqual([texts(40)]);
    expect(faults).toMatchObject([{ code: "FENCED" }]);
    expect(owned).toHaveLength(2);
  });
});

describe("memory", () => {
  test("in use stays within the budget while many lanes are behind, and goes back to none", async () => {
    const { log } = await storeForTest(6);
    const bounds = { bytes: 600_000, records: 2_000 };
    for (let partition = 0; partition < 6; partition += 1)
      await log.append(numbered("in", partition, 0, 3_000));
    const budget = createMemoryBudget(bounds);
    let most = { bytes: 0, records: 0 };
    const { lanes } = await openLanes({
      log,
      budget,
      sliceRecords: 100,
      before: async () => {
        const { bytes, records } = budget.inUse();
        most = { bytes: Math.max(most.bytes, bytes), records: Math.max(most.records, records) };
        await wait(1);
      },
    });
    const found = await outputs(log, 18_000, 6);
    expect(found).toEqual(Array.from({ length: 6 }, () => texts(3_000)));
    expect(most.records).toBeGreaterThan(500);
    // What comes back from a fetch may weigh more than what was reserved: there are objects around the bytes.
    expect(most.bytes).toBeLessThanOrEqual(bounds.bytes * 1.5);
    expect(most.records).toBeLessThanOrEqual(bounds.records);
    await lanes.close();
    expect(budget.inUse()).toEqual({ bytes: 0, records: 0 });
  });
});

describe("closing", () => {
  test("commits what has begun, and leaves the rest to the next", async () => {
    const { log } = await storeForTest(1);
    await feed(log, 1_000, 1);
    const { lanes, committed } = await openLanes({ log, before: () => wait(20) });
    await expect.poll(() => committed.length).toBeGreaterThan(1);
    await lanes.close();
    const through = committed.length * 10;
    expect(through).toBeLessThan(1_000);
    expect(await outputs(log, through, 1)).toEqual([texts(through)]);
    await openLanes({ log });
    expect(await outputs(log, 1_000, 1)).toEqual([texts(1_000)]);
  });

  test("does not wait for records that may never come", async () => {
    const { log } = await storeForTest();
    const { lanes, owned } = await openLanes({ log });
    await expect.poll(() => owned.length).toBe(2);
    const startedMs = performance.now();
    await lanes.close();
    expect(performance.now() - startedMs).toBeLessThan(500);
    await lanes.close();
  });
});

test("records that retention took are told as a gap, and reading goes on at the earliest", async () => {
  const { store, log } = await storeForTest(1);
  const old = numbered("in", 0, 0, 10).map((record) => ({ ...record, timestampMs: 0 }));
  await log.append(old);
  const first = await openLanes({ log });
  await outputs(log, 10, 1);
  await first.lanes.close();
  await log.append(numbered("in", 0, 10, 20).map((record) => ({ ...record, timestampMs: 0 })));
  await log.append(numbered("in", 0, 20, 30).map((record) => ({ ...record, timestampMs: Date.now() })));
  await store.discardBefore(log, "in", 0, 20);
  const second = await openLanes({ log });
  expect((await outputs(log, 20, 1))[0]?.slice(10)).toEqual(texts(30).slice(20));
  expect(second.gaps).toMatchObject([{ expectedOffset: 10, resumedOffset: 20 }]);
});
