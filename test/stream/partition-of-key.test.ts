import { describe, expect, test } from "vitest";
import { murmur2, partitionOfKey } from "../../src/stream/partition-of-key.ts";

/** From the tests of Kafka's own `Utils.murmur2`. */
const hashes = [
  ["21", -973_932_308],
  ["foobar", -790_332_482],
  ["a-little-bit-long-string", -985_981_536],
  ["a-little-bit-longer-string", -1_486_304_829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971],
  ["abc", 479_470_107],
] as const;

describe("the partition of a key", () => {
  test.each(hashes)("murmur2 of %j is Kafka's", (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  test.each(hashes)("%j goes to its hash without the sign bit, modulo the partitions", (key, hash) => {
    const positive = hash < 0 ? hash + 2 ** 31 : hash;
    for (const partitions of [1, 6, 50, 4_096]) {
      expect(partitionOfKey(Buffer.from(key), partitions)).toBe(positive % partitions);
    }
  });
});
