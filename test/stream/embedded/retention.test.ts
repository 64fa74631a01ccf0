import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Log, TopicLimits } from "../../../src/stream/port.ts";
import { joinAlone, numbered, plenty, readAll, record, textOf, topicSpec } from "../../contract/log-store.ts";
import { logPath, openLog } from "./embedded-store.ts";

async function withTopic(limits: Partial<TopicLimits>): Promise<{ path: string; log: Log }> {
  const path = await logPath();
  const log = await openLog(path, { retentionIntervalMs: 10 });
  await log.ensureTopic(topicSpec("in", 1, limits));
  return { path, log };
}

async function startsAt(log: Log, offset: number): Promise<void> {
  while (((await log.offsets("in"))[0]?.startOffset ?? 0) < offset) await delay(5);
}

/** Long enough for retention to have had many turns. */
const manyTurnsMs = 300;

describe("retention", () => {
  test("drops what is too old and nothing behind it", async () => {
    const { log } = await withTopic({ retentionMs: 3_600_000 });
    const now = Date.now();
    const at = (first: number, timestampMs: number): Promise<unknown> =>
      log.append(numbered("in", 0, first, first + 2).map((one) => ({ ...one, timestampMs })));
    await at(0, now - 3_700_000);
    await at(2, now - 3_000_000);
    await at(4, now - 3_700_000);
    await startsAt(log, 2);
    await delay(manyTurnsMs);
    expect((await readAll(log, "in", 4)).map(textOf)).toEqual(["2", "3", "4", "5"]);
  });

  test("keeps at least the bytes that it is told, of the newest, and then gives the space back", async () => {
    const { path, log } = await withTopic({});
    const value = Buffer.alloc(250_000, "v");
    for (let n = 0; n < 20; n += 1) {
      await log.append([0, 1, 2, 3].map(() => record("in", "", { value, partition: 0 })));
    }
    const { size } = statSync(path);
    await log.alterTopic("in", { retentionBytes: 1_000_000 });
    await startsAt(log, 76);
    await delay(manyTurnsMs);
    const [bounds] = await log.offsets("in");
    expect(bounds).toMatchObject({ startOffset: 76, endOffset: 80 });
    expect(await readAll(log, "in", 4)).toHaveLength(4);
    await log.close();
    expect(statSync(path).size).toBeLessThan(size / 1.5);
  });

  test("keeps everything for ever where it is told nothing", async () => {
    const { log } = await withTopic({});
    await log.append(numbered("in", 0, 0, 3).map((one) => ({ ...one, timestampMs: 0 })));
    await delay(manyTurnsMs);
    expect(await readAll(log, "in", 3)).toHaveLength(3);
  });

  test("overtakes a lane that is too slow, which hears of the gap and commits across it", async () => {
    const { log } = await withTopic({ retentionMs: 3_600_000 });
    const member = await joinAlone(log, "group", "in");
    const owner = await member.own("in", 0);
    await log.alterTopic("in", { retentionMs: null });
    await log.append(numbered("in", 0, 0, 4).map((one) => ({ ...one, timestampMs: 0 })));
    await log.append([record("in", "4", { partition: 0, timestampMs: Date.now() })]);
    await log.alterTopic("in", { retentionMs: 3_600_000 });
    await startsAt(log, 4);
    const fetched = await owner.fetch(plenty);
    expect(fetched.gaps).toEqual([{ topic: "in", partition: 0, expectedOffset: 0, resumedOffset: 4 }]);
    expect(fetched.records.map(textOf)).toEqual(["4"]);
    await owner.commit({ from: 0, to: 5, metadata: "", outputs: [] });
    expect((await log.lag("group", "in"))[0]).toMatchObject({ committedOffset: 5, lagRecords: 0 });
  });
});
