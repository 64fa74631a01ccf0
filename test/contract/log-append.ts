import { describe, expect, onTestFinished, test } from "vitest";
import type { Log, OutgoingRecord } from "../../src/stream/port.ts";
import { numbered, readAll, record, textOf, topicSpec, unusedName, type LogStore } from "./log-store.ts";

export function appendContract(openStore: () => Promise<LogStore>): void {
  const openLog = async (): Promise<Log> => {
    const store = await openStore();
    onTestFinished(() => store.remove());
    return store.open();
  };
  const withTopic = async (partitions: number): Promise<{ log: Log; topic: string }> => {
    const log = await openLog();
    const topic = unusedName("in");
    await log.ensureTopic(topicSpec(topic, partitions));
    return { log, topic };
  };

  describe("topics", () => {
    test("a topic is made once, and keeps its id, its partitions and its limits", async () => {
      const { log, topic } = await withTopic(3);
      const made = await log.describeTopic(topic);
      expect(made).toMatchObject({
        name: topic,
        partitions: 3,
        retentionMs: null,
        maxRecordBytes: 1_000_000,
      });
      expect(made?.topicId).toMatch(/^[A-Za-z0-9_-]{22}$/);
      expect(await log.ensureTopic(topicSpec(topic, 5, { retentionMs: 1_000 }))).toEqual(made);
      expect(await log.listTopics()).toContainEqual(made);
    });

    test("a topic's limits can be changed one by one", async () => {
      const { log, topic } = await withTopic(1);
      await log.alterTopic(topic, { retentionMs: 3_600_000 });
      await log.alterTopic(topic, { maxRecordBytes: 2_000 });
      expect(await log.describeTopic(topic)).toMatchObject({
        retentionMs: 3_600_000,
        retentionBytes: null,
        maxRecordBytes: 2_000,
      });
      await expect(log.append([record(topic, "x".repeat(2_000))])).rejects.toMatchObject({
        code: "RECORD_TOO_LARGE",
      });
    });

    test("what is not there or cannot be made is said with the code TOPIC", async () => {
      const { log, topic } = await withTopic(2);
      const missing = unusedName("missing");
      expect(await log.describeTopic(missing)).toBeUndefined();
      const refused = [
        () => log.append([record(missing, "a")]),
        () => log.append([record(topic, "a", { partition: 2 })]),
        () => log.read({ topic: missing, from: "beginning" }),
        () => log.read({ topic, from: [{ partition: 2, offset: 0 }] }),
        () => log.offsets(missing),
        () => log.lag("g", missing),
        () => log.alterTopic(missing, { retentionMs: 1 }),
        () => log.ensureTopic(topicSpec("no/such name", 1)),
        () => log.ensureTopic(topicSpec("..", 1)),
        () => log.ensureTopic(topicSpec(missing, 0)),
      ];
      for (const call of refused) await expect(call()).rejects.toMatchObject({ code: "TOPIC" });
      expect(await readAll(log, topic, 0)).toEqual([]);
    });
  });

  describe("appending", () => {
    test("records come back byte for byte, with keys, headers and timestamps", async () => {
      const { log, topic } = await withTopic(1);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      const sent: OutgoingRecord[] = [
        record(topic, "", { timestampMs: 1_700_000_000_123 }),
        record(topic, "both", {
          key: bytes,
          value: bytes,
          headers: [
            ["org", Buffer.from("harbour")],
            ["ünïcode ✓", bytes],
            ["org", Buffer.from("again")],
            ["empty", Buffer.alloc(0)],
          ],
        }),
        record(topic, "key without value", { key: Buffer.from("k"), value: null }),
        record(topic, "large", { value: Buffer.alloc(900_000, "large") }),
        record(topic, "last", { key: Buffer.alloc(0) }),
      ];
      const places = await log.append(sent);
      const read = await readAll(log, topic, sent.length);
      expect(read.map(({ topic: at, partition, offset }) => ({ topic: at, partition, offset }))).toEqual(
        places,
      );
      expect(read.map(plain)).toEqual(sent.map(plain));
    });

    test("records of one partition stand in the order in which they were given, call after call", async () => {
      const { log, topic } = await withTopic(2);
      await log.append(numbered(topic, 0, 0, 700));
      await log.append([...numbered(topic, 1, 0, 50), ...numbered(topic, 0, 700, 1_500)]);
      await Promise.all([1_500, 1_501, 1_502].map((n) => log.append(numbered(topic, 0, n, n + 1))));
      const read = await readAll(log, topic, 1_553);
      const texts = (partition: number): string[] =>
        read.filter((one) => one.partition === partition).map(textOf);
      expect(texts(0)).toEqual(Array.from({ length: 1_503 }, (_, n) => `${n}`));
      expect(texts(1)).toEqual(Array.from({ length: 50 }, (_, n) => `${n}`));
    });

    test("a key decides the partition as Kafka's murmur2 does", async () => {
      const { log, topic } = await withTopic(7);
      // Hashes from Kafka's own tests, without their signs: -973932308, -790332482, -985981536, 479470107.
      const hashes = [
        ["21", 1_173_551_340],
        ["foobar", 1_357_151_166],
        ["a-little-bit-long-string", 1_161_502_112],
        ["abc", 479_470_107],
      ] as const;
      const places = await log.append(hashes.map(([key]) => record(topic, key, { key: Buffer.from(key) })));
      expect(places.map(({ partition }) => partition)).toEqual(hashes.map(([, hash]) => hash % 7));
    });

    test("records without a key stay together in one call and spread over all partitions in many", async () => {
      const { log, topic } = await withTopic(3);
      const used = new Set<number>();
      for (let call = 0; call < 60 && used.size < 3; call += 1) {
        const places = await log.append([record(topic, "a"), record(topic, "b"), record(topic, "c")]);
        const partitions = new Set(places.map(({ partition }) => partition));
        expect(partitions.size).toBe(1);
        for (const partition of partitions) used.add(partition);
      }
      expect(used).toEqual(new Set([0, 1, 2]));
    });

    test("a record that is too large takes the whole call with it, and the next call goes through", async () => {
      const { log, topic } = await withTopic(1);
      const tooLarge = record(topic, "x".repeat(1_000_000));
      await expect(log.append([record(topic, "first"), tooLarge])).rejects.toMatchObject({
        code: "RECORD_TOO_LARGE",
      });
      await log.append([record(topic, "second")]);
      expect((await readAll(log, topic, 1)).map(textOf)).toEqual(["second"]);
    });

    test("a closed log refuses with the code CLOSED", async () => {
      const { log, topic } = await withTopic(1);
      await log.close();
      await expect(log.append([record(topic, "a")])).rejects.toMatchObject({ code: "CLOSED" });
      await expect(log.read({ topic, from: "end" })).rejects.toMatchObject({ code: "CLOSED" });
      await log.close();
    });
  });
}

/** A record in a form that shows any difference of bytes. */
function plain({ key, value, headers, timestampMs }: Omit<OutgoingRecord, "topic" | "partition">): unknown {
  const hex = (bytes: Uint8Array | null): string | null =>
    bytes === null ? null : Buffer.from(bytes).toString("hex");
  return {
    key: hex(key),
    value: hex(value),
    headers: headers.map(([name, bytes]) => [name, hex(bytes)]),
    timestampMs,
  };
}
