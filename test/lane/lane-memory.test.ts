import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { feed, openLanes, outputs, storeForTest } from "./open-lanes.ts";

test("lanes keep nothing of what they have committed", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const { log } = await storeForTest(1);
  const fetched: WeakRef<object>[] = [];
  await openLanes({
    log,
    before: async ({ items: [first] }) => void (first !== undefined && fetched.push(new WeakRef(first))),
  });
  for (let batch = 0; batch < 20; batch += 1) {
    await feed(log, batch + 1, 1, batch);
    await outputs(log, batch + 1, 1);
  }
  const kept = (): number => {
    collectGarbage();
    return fetched.filter((record) => record.deref() !== undefined).length;
  };
  expect(fetched.length).toBe(20);
  // The last one may still be on the stack of whoever waits for the next.
  await expect.poll(kept).toBeLessThan(3);
});
