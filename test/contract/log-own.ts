import { describe, expect, onTestFinished, test } from "vitest";
import type { GroupMember, Log } from "../../src/stream/port.ts";
import {
  drain,
  join,
  joinAlone,
  numbered,
  plenty,
  readAll,
  record,
  textOf,
  topicSpec,
  unusedName,
  type LogStore,
} from "./log-store.ts";

interface Scene {
  readonly store: LogStore;
  readonly log: Log;
  readonly input: string;
  readonly group: string;
  readonly topic: (partitions: number) => Promise<string>;
  readonly joinAll: () => Promise<GroupMember>;
}

export function ownContract(openStore: () => Promise<LogStore>): void {
  const scene = async (partitions: number): Promise<Scene> => {
    const store = await openStore();
    onTestFinished(() => store.remove());
    const log = await store.open();
    const topic = async (count: number): Promise<string> => {
      const name = unusedName("topic");
      await log.ensureTopic(topicSpec(name, count));
      return name;
    };
    const input = await topic(partitions);
    const group = unusedName("group");
    return { store, log, input, group, topic, joinAll: () => joinAlone(log, group, input) };
  };

  describe("owning a partition", () => {
    test("begins at the beginning where nothing is committed, and then where the commit ended", async () => {
      const { log, input, topic, joinAll } = await scene(1);
      const output = await topic(1);
      await log.append(numbered(input, 0, 0, 10));
      const member = await joinAll();
      const owner = await member.own(input, 0);
      expect(owner).toMatchObject({ topic: input, partition: 0, committed: null, position: 0, gap: null });
      await drain(owner, 10);
      await owner.commit({ from: 0, to: 4, metadata: "catalog@7", outputs: [record(output, "a")] });
      const metadata = "é".repeat(2_048);
      await owner.commit({ from: 4, to: 6, metadata, outputs: [] });
      await owner.release();
      const next = await member.own(input, 0);
      expect(next).toMatchObject({ committed: { offset: 6, metadata }, position: 6, gap: null });
      expect((await drain(next, 4)).map(textOf)).toEqual(["6", "7", "8", "9"]);
      expect((await readAll(log, output, 1)).map(textOf)).toEqual(["a"]);
    });

    test("begins at the earliest record where nothing is committed and the beginning is gone", async () => {
      const { store, log, input, joinAll } = await scene(1);
      await log.append(numbered(input, 0, 0, 4).map((one) => ({ ...one, timestampMs: 1_000 })));
      await log.append([record(input, "4", { partition: 0, timestampMs: Date.now() })]);
      await store.discardBefore(log, input, 0, 4);
      const owner = await (await joinAll()).own(input, 0);
      expect(owner).toMatchObject({ committed: null, position: 4, gap: null });
      expect((await drain(owner, 1)).map(textOf)).toEqual(["4"]);
      await owner.commit({ from: 4, to: 5, metadata: "", outputs: [] });
    });

    test("groups have their own owners and offsets, and do not disturb each other", async () => {
      const { log, input, group, joinAll } = await scene(1);
      await log.append(numbered(input, 0, 0, 4));
      const owner = await (await joinAll()).own(input, 0);
      await drain(owner, 4);
      const other = await (await joinAlone(log, `${group}-other`, input)).own(input, 0);
      expect((await drain(other, 4)).map(textOf)).toEqual([..."0123"]);
      await other.commit({ from: 0, to: 3, metadata: "other", outputs: [] });
      await owner.commit({ from: 0, to: 1, metadata: "own", outputs: [] });
      expect((await log.lag(group, input))[0]?.committedOffset).toBe(1);
      expect((await log.lag(`${group}-other`, input))[0]?.committedOffset).toBe(3);
    });

    test("fetching goes on while a commit is under way", async () => {
      const { log, input, joinAll } = await scene(1);
      await log.append(numbered(input, 0, 0, 10));
      const owner = await (await joinAll()).own(input, 0);
      const first = await owner.fetch({ ...plenty, maxRecords: 5, waitMs: 15_000 });
      const [second] = await Promise.all([
        owner.fetch({ ...plenty, maxRecords: 5, waitMs: 15_000 }),
        owner.commit({ from: 0, to: 5, metadata: "", outputs: [] }),
      ]);
      expect([...first.records, ...second.records].map(textOf)).toEqual([..."0123456789"]);
    });

    test("outputs stay in the input's partition where their topic has as many, else murmur2 decides", async () => {
      const { log, input, topic, joinAll } = await scene(5);
      const [same, other] = [await topic(5), await topic(7)];
      await log.append(numbered(input, 3, 0, 1));
      const owner = await (await joinAll()).own(input, 3);
      const [consumed] = await drain(owner, 1);
      const key = Buffer.from("foobar");
      await owner.commit({
        from: 0,
        to: (consumed?.offset ?? 0) + 1,
        metadata: "",
        outputs: [
          record(same, "pinned", { key }),
          record(same, "named", { key, partition: 1 }),
          record(same, "no key"),
          record(other, "hashed", { key }),
          record(other, "no key"),
        ],
      });
      const placed = async (name: string, count: number): Promise<unknown> =>
        (await readAll(log, name, count)).map((one) => [textOf(one), one.partition]);
      expect(await placed(same, 3)).toEqual([
        ["named", 1],
        ["pinned", 3],
        ["no key", 3],
      ]);
      expect(await placed(other, 2)).toEqual(
        [
          ["no key", 3],
          ["hashed", 1_357_151_166 % 7],
        ].sort((a, b) => Number(a[1]) - Number(b[1])),
      );
    });

    test("a topic that is owned alongside moves in the same commit", async () => {
      const { log, input, group, topic } = await scene(2);
      const [parked, output] = [await topic(2), await topic(2)];
      await log.append([...numbered(input, 1, 0, 3), ...numbered(parked, 1, 50, 55)]);
      const { member, assigned } = await join(log, group, [input, parked]);
      await assigned((all) => all.length === 4);
      const owner = await member.own(input, 1, [parked]);
      await drain(owner, 3);
      const aside = await drain({ fetch: (bounds) => owner.fetch(bounds, parked) }, 5);
      expect(aside.map(textOf)).toEqual(["50", "51", "52", "53", "54"]);
      await owner.commit({
        from: 0,
        to: 3,
        metadata: "m",
        outputs: [record(output, "one")],
        alongside: [{ topic: parked, from: 0, to: 2, metadata: "p" }],
      });
      const next = await member.own(input, 1, [parked]);
      expect(next.committed).toEqual({ offset: 3, metadata: "m" });
      expect(next.alongside).toEqual([
        { topic: parked, partition: 1, committed: { offset: 2, metadata: "p" }, position: 2, gap: null },
      ]);
    });

    test("a committed offset whose record is gone is reported, and reading goes on at the earliest", async () => {
      const { store, log, input, joinAll } = await scene(1);
      await log.append(numbered(input, 0, 0, 6).map((one) => ({ ...one, timestampMs: 1_000 })));
      await log.append([record(input, "6", { timestampMs: Date.now() })]);
      const member = await joinAll();
      const owner = await member.own(input, 0);
      await drain(owner, 7);
      await owner.commit({ from: 0, to: 2, metadata: "", outputs: [] });
      await store.discardBefore(log, input, 0, 6);
      const next = await member.own(input, 0);
      expect(next).toMatchObject({
        position: 6,
        gap: { topic: input, partition: 0, expectedOffset: 2, resumedOffset: 6 },
      });
      expect((await drain(next, 1)).map(textOf)).toEqual(["6"]);
      await next.commit({ from: 6, to: 7, metadata: "", outputs: [] });
      expect(await member.own(input, 0)).toMatchObject({ position: 7, gap: null });
    });

    test("the lag is that of the group and falls with its commits", async () => {
      const { log, input, group, joinAll } = await scene(2);
      await log.append([...numbered(input, 0, 0, 8), ...numbered(input, 1, 0, 3)]);
      const before = await log.lag(group, input);
      expect(before.map(({ committedOffset }) => committedOffset)).toEqual([null, null]);
      expect(before[0]?.lagRecords).toBeGreaterThanOrEqual(8);
      const owner = await (await joinAll()).own(input, 0);
      await drain(owner, 8);
      await owner.commit({ from: 0, to: 5, metadata: "", outputs: [] });
      const after = await log.lag(group, input);
      expect(after[0]).toMatchObject({ topic: input, partition: 0, committedOffset: 5, startOffset: 0 });
      expect(after[0]?.lagRecords).toBe((before[0]?.lagRecords ?? 0) - 5);
      expect(after[1]).toEqual(before[1]);
      expect((await log.lag(unusedName("other"), input))[0]?.committedOffset).toBeNull();
    });

    test("a commit with an output that cannot be changes nothing", async () => {
      const { log, input, topic, joinAll } = await scene(1);
      const output = await topic(1);
      await log.append(numbered(input, 0, 0, 2));
      const member = await joinAll();
      const hopeless = [
        ["RECORD_TOO_LARGE", record(output, "x".repeat(1_000_000))],
        ["TOPIC", record(unusedName("missing"), "a")],
      ] as const;
      for (const [code, bad] of hopeless) {
        const owner = await member.own(input, 0);
        await drain(owner, 2);
        const outputs = [record(output, "good"), bad];
        await expect(owner.commit({ from: 0, to: 2, metadata: "", outputs })).rejects.toMatchObject({ code });
        await expect(owner.commit({ from: 0, to: 2, metadata: "", outputs: [] })).rejects.toMatchObject({
          code: "FENCED",
        });
      }
      expect((await member.own(input, 0)).committed).toBeNull();
      expect(await readAll(log, output, 0)).toEqual([]);
    });

    test("releasing wakes a fetch that waits, and ends the owner", async () => {
      const { input, joinAll } = await scene(1);
      const owner = await (await joinAll()).own(input, 0);
      const waiting = owner.fetch({ ...plenty, waitMs: 600_000 });
      await owner.release();
      expect((await waiting).records).toEqual([]);
      await expect(owner.fetch(plenty)).rejects.toMatchObject({ code: "FENCED" });
      await expect(owner.commit({ from: 0, to: 0, metadata: "", outputs: [] })).rejects.toMatchObject({
        code: "FENCED",
      });
    });
  });
}
