import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InputRecord } from "../../src/model/raw-event.ts";
import { cutSlices, inOrder } from "../../src/pipeline/slice.ts";

interface Item {
  readonly number: number;
  readonly record: InputRecord;
}

function itemsOf(sizes: readonly number[]): Item[] {
  return sizes.map((size, number) => ({
    number,
    record: { payload: Buffer.alloc(size) } as unknown as InputRecord,
  }));
}

async function* batchesOf<T>(...batches: readonly T[]): AsyncGenerator<T> {
  yield* batches;
}

async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of iterable) all.push(each);
  return all;
}

const bytesOf = (slice: readonly Item[]): number =>
  slice.reduce((sum, { record }) => sum + record.payload.byteLength, 0);

describe("cutting slices", () => {
  test("keeps every record once, in order, and within the bounds", async () => {
    const bounds = fc.record({
      records: fc.integer({ min: 1, max: 6 }),
      bytes: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(50), { maxLength: 30 }),
        fc.nat(30),
        bounds,
        async (sizes, cut, bound) => {
          const items = itemsOf(sizes);
          const slices = await collect(cutSlices(batchesOf(items.slice(0, cut), items.slice(cut)), bound));
          expect(slices.flat()).toEqual(items);
          for (const slice of slices) {
            expect(slice.length).toBeGreaterThan(0);
            expect(slice.length).toBeLessThanOrEqual(bound.records);
            if (slice.length > 1) expect(bytesOf(slice)).toBeLessThanOrEqual(bound.bytes);
          }
        },
      ),
    );
  });

  test("makes as few slices of a batch as the bounds allow", async () => {
    const slices = await collect(cutSlices(batchesOf(itemsOf([5, 5, 5, 5, 5])), { records: 2, bytes: 100 }));
    expect(slices.map((slice) => slice.length)).toEqual([2, 2, 1]);
    const byBytes = await collect(cutSlices(batchesOf(itemsOf([5, 5, 5, 9, 1])), { records: 9, bytes: 10 }));
    expect(byBytes.map((slice) => slice.map(({ number }) => number))).toEqual([[0, 1], [2], [3, 4]]);
  });

  test("gives a record that is larger than a slice a slice of its own", async () => {
    const slices = await collect(cutSlices(batchesOf(itemsOf([1, 500, 1])), { records: 9, bytes: 10 }));
    expect(slices.map((slice) => slice.map(({ number }) => number))).toEqual([[0], [1], [2]]);
  });

  test("does not keep a batch back until the next one comes", async () => {
    const input = gate<readonly Item[]>();
    const slices = cutSlices(input.items, { records: 9, bytes: 100 })[Symbol.asyncIterator]();
    input.push(itemsOf([1, 1]));
    expect((await slices.next()).value).toHaveLength(2);
    input.end();
    expect((await slices.next()).done).toBe(true);
  });
});

/** An input that gives what is pushed, and waits until more is. */
interface Gate<T> {
  readonly items: AsyncIterable<T>;
  /** How many items were asked for, the one that is waited for too. */
  asked(): number;
  returned(): boolean;
  push(item: T): void;
  fail(cause: Error): void;
  end(): void;
}

function gate<T>(): Gate<T> {
  const steps: PromiseWithResolvers<IteratorResult<T>>[] = [];
  const step = (at: number): PromiseWithResolvers<IteratorResult<T>> => {
    const known = (steps[at] ??= Promise.withResolvers<IteratorResult<T>>());
    known.promise.catch(() => {});
    return known;
  };
  let pushed = 0;
  let asked = 0;
  let returned = false;
  const iterator: AsyncIterator<T> = {
    next: () => step(asked++).promise,
    return: () => {
      returned = true;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return {
    items: { [Symbol.asyncIterator]: () => iterator },
    asked: () => asked,
    returned: () => returned,
    push: (value) => step(pushed++).resolve({ done: false, value }),
    fail: (cause) => step(pushed++).reject(cause),
    end: () => step(pushed++).resolve({ done: true, value: undefined }),
  };
}

/** Work that ends when it is told to. */
interface Bench {
  readonly begun: readonly number[];
  readonly work: (number: number) => Promise<string>;
  readonly finish: (number: number) => void;
  readonly fail: (number: number, cause: Error) => void;
}

function bench(): Bench {
  const begun: number[] = [];
  const jobs = new Map<number, PromiseWithResolvers<string>>();
  return {
    begun,
    work: (number) => {
      begun.push(number);
      const job = Promise.withResolvers<string>();
      jobs.set(number, job);
      return job.promise;
    },
    finish: (number) => jobs.get(number)?.resolve(`result ${number}`),
    fail: (number, cause) => jobs.get(number)?.reject(cause),
  };
}

/** Lets everything happen that can happen by itself. */
async function settle(): Promise<void> {
  for (let index = 0; index < 5; index += 1) await turn();
}

describe("working in order", () => {
  test("gives results in the order of the input, whatever ends first, and never begins more than allowed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 20 }),
        async (scheduler, ahead, count) => {
          let running = 0;
          let most = 0;
          const numbers = Array.from({ length: count }, (_none, number) => number);
          const input = (async function* () {
            for (const number of numbers) yield await scheduler.schedule(Promise.resolve(number), "input");
          })();
          const results = collect(
            inOrder(input, ahead, async (number) => {
              running += 1;
              most = Math.max(most, running);
              await scheduler.schedule(Promise.resolve(), `work ${number}`);
              running -= 1;
              return number;
            }),
          );
          await scheduler.waitFor(results);
          expect(await results).toEqual(numbers);
          expect(most).toBeLessThanOrEqual(ahead);
        },
      ),
    );
  });

  test("begins as much as allowed while the first is at work, and reads no further", async () => {
    const [input, jobs] = [gate<number>(), bench()];
    const output = inOrder(input.items, 3, jobs.work);
    for (let number = 0; number < 6; number += 1) input.push(number);
    const first = output.next();
    await settle();
    expect([jobs.begun, input.asked()]).toEqual([[0, 1, 2], 3]);
    jobs.finish(0);
    expect(await first).toEqual({ done: false, value: "result 0" });
    // Nobody has asked for the next result yet.
    await settle();
    expect(jobs.begun).toEqual([0, 1, 2]);
    void output.next();
    await settle();
    expect([jobs.begun, input.asked()]).toEqual([[0, 1, 2, 3], 4]);
    for (let number = 1; number < 4; number += 1) jobs.finish(number);
  });

  test("gives a result as soon as it is its turn, while the input is pending", async () => {
    const [input, jobs] = [gate<number>(), bench()];
    const output = inOrder(input.items, 4, jobs.work);
    input.push(0);
    input.push(1);
    const first = output.next();
    await settle();
    jobs.finish(1);
    jobs.finish(0);
    expect((await first).value).toBe("result 0");
    expect((await output.next()).value).toBe("result 1");
    const third = output.next();
    await settle();
    input.push(2);
    await settle();
    jobs.finish(2);
    expect((await third).value).toBe("result 2");
    const last = output.next();
    input.end();
    expect(await last).toEqual({ done: true, value: undefined });
  });

  test("waits for what has begun when the reader stops early, and begins nothing more", async () => {
    const [input, jobs] = [gate<number>(), bench()];
    const output = inOrder(input.items, 2, jobs.work);
    for (let number = 0; number < 4; number += 1) input.push(number);
    const first = output.next();
    await settle();
    jobs.finish(0);
    await first;
    let stopped = false;
    const stopping = output.return(undefined).then(() => (stopped = true));
    await settle();
    expect([stopped, jobs.begun, input.returned()]).toEqual([false, [0, 1], true]);
    jobs.finish(1);
    await stopping;
    await settle();
    expect(jobs.begun).toEqual([0, 1]);
  });

  test("does not wait for a pending input when the reader stops early", async () => {
    const pending = (async function* () {
      yield 0;
      await new Promise(() => {});
    })();
    const results: number[] = [];
    for await (const result of inOrder(pending, 4, (number) => Promise.resolve(number))) {
      results.push(result);
      break;
    }
    expect(results).toEqual([0]);
  });

  test("shows a failure when its turn comes, after waiting for what has begun", async () => {
    const [input, jobs] = [gate<number>(), bench()];
    const output = inOrder(input.items, 3, jobs.work);
    for (let number = 0; number < 5; number += 1) input.push(number);
    const first = output.next();
    await settle();
    jobs.fail(1, new Error("no disk"));
    await settle();
    jobs.finish(0);
    expect((await first).value).toBe("result 0");
    let failed = false;
    const second = output.next().finally(() => (failed = true));
    second.catch(() => {});
    await settle();
    expect(failed).toBe(false);
    for (const number of jobs.begun) jobs.finish(number);
    await expect(second).rejects.toThrow("no disk");
    expect(input.returned()).toBe(true);
    const begun = jobs.begun.length;
    expect(await output.next()).toEqual({ done: true, value: undefined });
    expect(jobs.begun).toHaveLength(begun);
  });

  test("shows a failure of the input, after waiting for what has begun", async () => {
    const [input, jobs] = [gate<number>(), bench()];
    const output = inOrder(input.items, 3, jobs.work);
    input.push(0);
    input.fail(new Error("the pipe broke"));
    const first = output.next();
    let failed = false;
    first.then(undefined, () => (failed = true));
    await settle();
    expect([failed, jobs.begun]).toEqual([false, [0]]);
    jobs.finish(0);
    await expect(first).rejects.toThrow("the pipe broke");
  });

  test("leaves no failure unseen as an unhandled rejection when the reader stops early", async () => {
    const unhandled: unknown[] = [];
    const note = (cause: unknown): number => unhandled.push(cause);
    process.on("unhandledRejection", note);
    try {
      const [input, jobs] = [gate<number>(), bench()];
      const output = inOrder(input.items, 3, jobs.work);
      input.push(0);
      input.push(1);
      const first = output.next();
      await settle();
      jobs.finish(0);
      await first;
      const stopping = output.return(undefined);
      await settle();
      jobs.fail(1, new Error("too late"));
      input.fail(new Error("later still"));
      await stopping;
      await settle();
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  });
});
