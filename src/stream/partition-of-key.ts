/** Seed of the murmur2 hash in Kafka's producers; the multiplier and shift are murmur2's own. */
const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;
const shift = 24;

/** The partition that Kafka's default partitioner gives to a key, so that records keep their places on a move. */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7f_ff_ff_ff) % partitions;
}

/** 32-bit murmur2 as in Kafka's `org.apache.kafka.common.utils.Utils`; the result is signed, as there. */
export function murmur2(bytes: Uint8Array): number {
  let hash = seed ^ bytes.length;
  const wholeBytes = bytes.length & ~3;
  for (let i = 0; i < wholeBytes; i += 4) {
    hash = Math.imul(hash, multiplier) ^ mix(littleEndian(bytes, i, 4));
  }
  if (bytes.length > wholeBytes) {
    hash ^= littleEndian(bytes, wholeBytes, bytes.length - wholeBytes);
    hash = Math.imul(hash, multiplier);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}

function mix(word: number): number {
  const product = Math.imul(word, multiplier);
  return Math.imul(product ^ (product >>> shift), multiplier);
}

function littleEndian(bytes: Uint8Array, start: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count; i += 1) word |= (bytes[start + i] ?? 0) << (8 * i);
  return word;
}
