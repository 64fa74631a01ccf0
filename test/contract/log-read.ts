import { describe, expect, onTestFinished, test } from "vitest";
import type { Log } from "../../src/stream/port.ts";
import {
  drain,
  numbered,
  plenty,
  record,
  textOf,
  topicSpec,
  unusedName,
  type LogStore,
} from "./log-store.ts";

export function readContract(openStore: () => Promise<LogStore>): void {
  const withTopic = async (partitions: number): Promise<{ store: LogStore; log: Log; topic: string }> => {
    const store = await openStore();
    onTestFinished(() => store.remove());
    const log = await store.open();
    const topic = unusedName("in");
    await log.ensureTopic(topicSpec(topic, partitions));
    return { store, log, topic };
  };

  describe("reading without a group", () => {
    test("a reader begins where it is told: at the beginning, at the end, at offsets", async () => {
      const { log, topic } = await withTopic(2);
      await log.append([...numbered(topic, 0, 0, 5), ...numbered(topic, 1, 100, 103)]);
      const texts = async (from: Parameters<Log["read"]>[0]["from"], count: number): Promise<string[]> => {
        const reader = await log.read({ topic, from });
        await log.append(numbered(topic, 0, 5, 6));
        const read = await drain(reader, count);
        await reader.close();
        return read.map(textOf).sort();
      };
      expect(await texts("beginning", 9)).toEqual(["0", "1", "100", "101", "102", "2", "3", "4", "5"]);
      expect(await texts("end", 1)).toEqual(["5"]);
      expect(await texts([{ partition: 1, offset: 1 }], 2)).toEqual(["101", "102"]);
    });

    test("a reader follows what others append, and waits for it no longer than it is told", async () => {
      const { store, log, topic } = await withTopic(1);
      const producer = await store.open();
      const reader = await log.read({ topic, from: "end" });
      expect((await reader.fetch({ ...plenty, waitMs: 50 })).records).toEqual([]);
      const waiting = reader.fetch({ ...plenty, waitMs: 600_000 });
      await producer.append([record(topic, "news")]);
      expect((await waiting).records.map(textOf)).toEqual(["news"]);
    });

    test("a fetch keeps to its bounds, one large record apart, and loses nothing between two fetches", async () => {
      const { log, topic } = await withTopic(1);
      await log.append(numbered(topic, 0, 0, 40));
      await log.append([record(topic, "x".repeat(50_000), { partition: 0 }), ...numbered(topic, 0, 41, 60)]);
      const reader = await log.read({ topic, from: "beginning" });
      const offsets: number[] = [];
      while (offsets.length < 60) {
        const { records } = await reader.fetch({ maxRecords: 7, maxBytes: 1_000, waitMs: 15_000 });
        expect(records.length).toBeGreaterThan(0);
        expect(records.length).toBeLessThanOrEqual(7);
        const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
        if (records.length > 1) expect(bytes).toBeLessThanOrEqual(1_000);
        offsets.push(...records.map(({ offset }) => offset));
      }
      expect(offsets).toEqual(Array.from({ length: 60 }, (_, offset) => offset));
    });

    test("what is no longer there is reported, and reading goes on at the earliest record", async () => {
      const { store, log, topic } = await withTopic(1);
      await log.append(numbered(topic, 0, 0, 3).map((one) => ({ ...one, timestampMs: 1_000 })));
      await log.append([record(topic, "3", { timestampMs: Date.now() })]);
      await store.discardBefore(log, topic, 0, 3);
      expect((await log.offsets(topic))[0]).toMatchObject({ startOffset: 3, endOffset: 4 });
      const reader = await log.read({ topic, from: [{ partition: 0, offset: 1 }] });
      const { records, gaps } = await reader.fetch({ ...plenty, waitMs: 15_000 });
      expect(records.map(textOf)).toEqual(["3"]);
      expect(gaps).toEqual([{ topic, partition: 0, expectedOffset: 1, resumedOffset: 3 }]);
      const ahead = await log.read({ topic, from: [{ partition: 0, offset: 99 }] });
      expect((await ahead.fetch({ ...plenty, waitMs: 15_000 })).gaps).toEqual([
        { topic, partition: 0, expectedOffset: 99, resumedOffset: 3 },
      ]);
    });

    test("closing a reader wakes a fetch that waits, and ends it", async () => {
      const { log, topic } = await withTopic(1);
      const reader = await log.read({ topic, from: "end" });
      const waiting = reader.fetch({ ...plenty, waitMs: 600_000 });
      await reader.close();
      expect((await waiting).records).toEqual([]);
      await expect(reader.fetch(plenty)).rejects.toMatchObject({ code: "CLOSED" });
    });
  });
}
