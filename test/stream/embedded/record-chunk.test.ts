import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChunkCursor, chunkLimitBytes, packRecords } from "../../../src/stream/embedded/record-chunk.ts";
import type { LogRecord, OutgoingRecord } from "../../../src/stream/port.ts";

const bytes = fc.uint8Array({ maxLength: 40 });
const outgoing: fc.Arbitrary<OutgoingRecord> = fc.record({
  topic: fc.constant("t"),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.tuple(fc.string({ unit: "grapheme", maxLength: 12 }), bytes), { maxLength: 4 }),
  timestampMs: fc.maxSafeInteger(),
});

describe("a chunk", () => {
  test("gives back every record as it was packed, joined with others or alone", () => {
    fc.assert(
      fc.property(fc.array(outgoing, { minLength: 1 }), fc.array(outgoing, { minLength: 1 }), (one, two) => {
        const packed = [...packRecords(one), ...packRecords(two)];
        const recordCount = packed.reduce((sum, part) => sum + part.recordCount, 0);
        const joined = { baseOffset: 7, recordCount, bytes: Buffer.concat(packed.map((part) => part.bytes)) };
        const read = readAll(new ChunkCursor(joined, { topic: "t", partition: 3 }));
        expect(read.map(plain)).toEqual([...one, ...two].map(plain));
        expect(read.map(({ offset }) => offset)).toEqual(read.map((_, index) => 7 + index));
      }),
    );
  });

  test("tells the bytes of the next record and leaves out what lies before an offset", () => {
    const records = [1, 2, 3].map((n) => ({
      topic: "t",
      key: Buffer.alloc(n),
      value: Buffer.alloc(10 * n),
      headers: [["h", Buffer.alloc(100 * n)]] as const,
      timestampMs: 0,
    }));
    const [packed] = packRecords(records);
    if (packed === undefined) throw new Error("nothing was packed");
    const cursor = new ChunkCursor({ baseOffset: 4, ...packed }, { topic: "t", partition: 0 });
    expect(cursor.nextBytes()).toBe(1 + 10 + 1 + 100);
    cursor.skipTo(6);
    expect(cursor.nextBytes()).toBe(3 + 30 + 1 + 300);
    expect(cursor.next().offset).toBe(6);
    expect(cursor.done).toBe(true);
  });

  test("ends at its limit, and a record that is larger is one of its own", () => {
    const sizes = [100_000, 100_000, 100_000, 1_000_000, 10];
    const packed = packRecords(sizes.map((size) => recordOf(size)));
    expect(packed.map(({ recordCount }) => recordCount)).toEqual([2, 1, 1, 1]);
    for (const part of packed) {
      if (part.recordCount > 1) expect(part.bytes.length).toBeLessThanOrEqual(chunkLimitBytes);
      // What is handed to another thread must not take other bytes along.
      expect(part.bytes.buffer.byteLength).toBe(part.bytes.length);
    }
  });

  test("is as new as its newest record", () => {
    const times = [5, 9, 2].map((timestampMs) => ({ ...recordOf(1), timestampMs }));
    expect(packRecords(times)[0]?.newestMs).toBe(9);
  });
});

function recordOf(valueBytes: number): OutgoingRecord {
  return { topic: "t", key: null, value: Buffer.alloc(valueBytes), headers: [], timestampMs: 0 };
}

function readAll(cursor: ChunkCursor): LogRecord[] {
  const records: LogRecord[] = [];
  while (!cursor.done) records.push(cursor.next());
  return records;
}

function plain({ key, value, headers, timestampMs }: Omit<OutgoingRecord, "topic">): unknown {
  const hex = (some: Uint8Array | null): string | null =>
    some === null ? null : Buffer.from(some).toString("hex");
  // A string without a valid form in UTF-8 comes back in the form that it has there.
  const utf8 = (name: string): string => Buffer.from(name).toString();
  return {
    key: hex(key),
    value: hex(value),
    headers: headers.map(([name, value_]) => [utf8(name), hex(value_)]),
    timestampMs,
  };
}
