import ivm from "isolated-vm";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { IsolatePool, type IsolatePoolOptions } from "../../../src/sandbox/executor/isolate-pool.ts";
import type { OrgIsolate, RecycleReason } from "../../../src/sandbox/executor/org-isolate.ts";
import { guestBundle } from "../../../src/script/guest-bundle.ts";

const smallBytes = 16 * 2 ** 20;
const largeBytes = 24 * 2 ** 20;

let snapshot: ivm.ExternalCopy<ArrayBuffer>;
beforeAll(async () => {
  snapshot = ivm.Isolate.createSnapshot([{ code: await guestBundle() }]);
});

/** A pool whose isolates have slots for one more event each, so that their size tells when they were made. */
function openPool(
  choice: Partial<Omit<IsolatePoolOptions, "crossingEvents" | "snapshot">> = {},
): IsolatePool {
  let made = 0;
  const pool = new IsolatePool({
    snapshot,
    ceiling: 8,
    spares: 0,
    pressureBytes: Number.POSITIVE_INFINITY,
    ...choice,
    get crossingEvents() {
      made += 1;
      return made;
    },
  });
  onTestFinished(() => pool.close());
  return pool;
}

/** The isolates in the order in which they were made. */
function byAge(isolates: readonly OrgIsolate[]): OrgIsolate[] {
  return [...isolates].sort((a, b) => a.slots.byteLength - b.slots.byteLength);
}

/** Takes the org's isolate and gives it back, as after a crossing in good order. */
function use(pool: IsolatePool, orgId: string, memoryBytes = smallBytes): OrgIsolate {
  const isolate = pool.take(orgId, memoryBytes);
  pool.giveBack(isolate);
  return isolate;
}

/** Makes as many spares as the pool wants. */
function makeSpares(pool: IsolatePool): void {
  while (pool.tend() === "more");
}

describe("an org's isolate", () => {
  test("is its own: the same again for the org, another for every other", () => {
    const pool = openPool();
    const acme = use(pool, "acme");
    const globex = use(pool, "globex");
    expect(globex).not.toBe(acme);
    expect(use(pool, "acme")).toBe(acme);
    expect([acme.orgId, globex.orgId]).toEqual(["acme", "globex"]);
  });

  test("never changes hands", () => {
    const isolate = use(openPool(), "acme");
    expect(() => isolate.give("globex")).toThrow("never changes its org");
    expect(isolate.orgId).toBe("acme");
    isolate.give("acme");
  });

  test("is dirty from the moment it is entered until it is given back", () => {
    const pool = openPool();
    const isolate = pool.take("acme", smallBytes);
    expect(isolate.dirty).toBe(true);
    pool.giveBack(isolate);
    expect(isolate.dirty).toBe(false);
    expect(pool.take("acme", smallBytes)).toBe(isolate);
    expect(isolate.dirty).toBe(true);
  });

  test("is thrown away, counted as doubtful, when it was never shown to be clean", () => {
    const pool = openPool();
    const dirty = pool.take("acme", smallBytes);
    const next = pool.take("acme", smallBytes);
    expect(next).not.toBe(dirty);
    expect(dirty.disposed).toBe(true);
    expect(pool.recycled()).toEqual({ doubtful: 1 });
  });

  test("is thrown away when V8 has disposed of it", () => {
    const pool = openPool();
    const isolate = use(pool, "acme");
    isolate.dispose();
    expect(isolate.dirty).toBe(true);
    expect(use(pool, "acme")).not.toBe(isolate);
    expect(pool.recycled()).toEqual({ doubtful: 1 });
  });

  test("is no longer the org's once it was recycled, for whichever reason, and the reason is counted", () => {
    const pool = openPool();
    const reasons: readonly RecycleReason[] = ["timeout", "memory", "memory", "pressure", "alone"];
    for (const reason of reasons) {
      const isolate = pool.take("acme", smallBytes);
      pool.recycle(isolate, reason);
      expect(isolate.disposed).toBe(true);
    }
    expect(pool.recycled()).toEqual({ timeout: 1, memory: 2, pressure: 1, alone: 1 });
    expect(pool.states()).toEqual({ spare: 0, busy: 0, idle: 0 });
  });

  test("stays what it was while an event of the org runs alone in another", () => {
    const pool = openPool();
    const own = use(pool, "acme");
    const fresh = pool.takeFresh("acme", smallBytes);
    expect(fresh).not.toBe(own);
    pool.recycle(fresh, "alone");
    expect(use(pool, "acme")).toBe(own);
  });
});

describe("the pool", () => {
  test("counts isolates as spare, busy and idle", () => {
    const pool = openPool({ spares: 2 });
    use(pool, "acme");
    pool.take("globex", smallBytes);
    expect(pool.states()).toEqual({ spare: 0, busy: 1, idle: 1 });
    makeSpares(pool);
    expect(pool.states()).toEqual({ spare: 2, busy: 1, idle: 1 });
  });

  test("makes spares only once it knows for which limit", () => {
    const pool = openPool({ spares: 2 });
    expect(pool.tend()).toBe("done");
    expect(pool.states()).toEqual({ spare: 0, busy: 0, idle: 0 });
  });

  test("gives the spare that was made last first", () => {
    const pool = openPool({ spares: 3 });
    const first = use(pool, "org-0");
    makeSpares(pool);
    const taken = ["org-1", "org-2", "org-3"].map((orgId) => use(pool, orgId));
    expect(pool.states()).toMatchObject({ spare: 0 });
    expect(byAge([...taken, first])).toEqual([first, ...taken.toReversed()]);
  });

  test("throws a spare away that was made for another memory limit", () => {
    const pool = openPool({ spares: 1 });
    use(pool, "acme");
    makeSpares(pool);
    const large = use(pool, "globex", largeBytes);
    expect(large.memoryBytes).toBe(largeBytes);
    expect(pool.states()).toMatchObject({ spare: 0 });
    makeSpares(pool);
    expect(use(pool, "initech", largeBytes)).not.toBe(large);
    expect(pool.states()).toMatchObject({ spare: 0 });
  });

  test("at its ceiling gives up the isolate that was used longest ago", () => {
    const pool = openPool({ ceiling: 2 });
    const [a, b] = [use(pool, "a"), use(pool, "b")];
    use(pool, "a");
    const c = use(pool, "c");
    expect([a.disposed, b.disposed, c.disposed]).toEqual([false, true, false]);
    expect(pool.recycled()).toEqual({ evicted: 1 });
    expect(use(pool, "a")).toBe(a);
    use(pool, "d");
    expect([a.disposed, c.disposed]).toEqual([false, true]);
    expect(pool.recycled()).toEqual({ evicted: 2 });
  });

  test("serves more orgs than its ceiling, one after the other, each in an isolate of its own", () => {
    const pool = openPool({ ceiling: 1 });
    const isolates = ["a", "b", "a", "b"].map((orgId) => use(pool, orgId));
    expect(new Set(isolates).size).toBe(4);
    expect(isolates.map(({ disposed }) => disposed)).toEqual([true, true, true, false]);
    expect(pool.recycled()).toEqual({ evicted: 3 });
  });

  test("under memory pressure gives up an idle isolate for each new one, and one each idle moment, and makes no spares", () => {
    const pool = openPool({ spares: 2, pressureBytes: 1 });
    const a = use(pool, "a");
    expect(a.disposed).toBe(false);
    const b = use(pool, "b");
    expect([a.disposed, b.disposed]).toEqual([true, false]);
    use(pool, "b");
    expect(b.disposed).toBe(false);
    pool.tend();
    pool.tend();
    expect(b.disposed).toBe(true);
    expect(pool.recycled()).toEqual({ pressure: 2 });
    expect(pool.states()).toEqual({ spare: 0, busy: 0, idle: 0 });
  });

  test("closes with all its isolates, spares too", () => {
    const pool = openPool({ spares: 1 });
    const isolate = use(pool, "a");
    makeSpares(pool);
    pool.close();
    expect(isolate.disposed).toBe(true);
    expect(pool.states()).toEqual({ spare: 0, busy: 0, idle: 0 });
    expect(pool.recycled()).toEqual({ closed: 1 });
  });
});
