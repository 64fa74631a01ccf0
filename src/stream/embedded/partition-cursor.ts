import { setImmediate } from "node:timers/promises";
import type { FetchBounds, LogRecord, OffsetGap, TopicPartition } from "../port.ts";
import type { AppendSignal } from "./append-signal.ts";
import type { LogReads } from "./log-reads.ts";
import { ChunkCursor, chunkLimitBytes, type StoredChunk } from "./record-chunk.ts";

/**
 * Chunks that one read takes at most. It bounds how long a read keeps a thread, and what a cursor holds: 64 of
 * the size at which chunks end are 16 MB, and as many are only asked for when they are small.
 */
const readLimitChunks = 64;

/** What one look at a partition brought. */
export interface Taken {
  readonly records: readonly LogRecord[];
  readonly bytes: number;
  readonly gaps: readonly OffsetGap[];
}

/** Reads one partition from an offset on, a few chunks at a time. */
export class PartitionCursor {
  readonly partitionId: number;
  readonly #reads: LogReads;
  readonly #place: TopicPartition;
  #ahead: StoredChunk[] = [];
  #chunk: ChunkCursor | undefined;
  /** The offset of the next record to be given out. */
  #position: number;
  /** The offset after what has been read into memory. */
  #readTo: number;
  /** Size of a chunk here, as the last read found it. */
  #chunkBytes = chunkLimitBytes;

  constructor(reads: LogReads, place: TopicPartition & { readonly partitionId: number }, position: number) {
    this.#reads = reads;
    this.#place = { topic: place.topic, partition: place.partition };
    this.partitionId = place.partitionId;
    this.#position = position;
    this.#readTo = position;
  }

  get position(): number {
    return this.#position;
  }

  /**
   * What is there within the bounds, without waiting; `first` lets the first record through however large it is. Throws
   * only where there is nothing to give: what was taken before a fault is given first, and the next call meets it again.
   */
  take(bounds: Pick<FetchBounds, "maxRecords" | "maxBytes">, first: "any size" | "within bounds"): Taken {
    const records: LogRecord[] = [];
    let bytes = 0;
    const gaps: OffsetGap[] = [];
    while (records.length < bounds.maxRecords) {
      if (this.#chunk === undefined || this.#chunk.done) {
        try {
          const gap = this.#readAhead(bounds.maxBytes - bytes);
          if (gap !== null) {
            gaps.push(gap);
            continue;
          }
        } catch (error) {
          if (records.length === 0 && gaps.length === 0) throw error;
          break;
        }
        this.#chunk = this.#openNext();
        if (this.#chunk === undefined) break;
      }
      const size = this.#chunk.nextBytes();
      const tooLarge = bytes + size > bounds.maxBytes;
      if (tooLarge && (records.length > 0 || first === "within bounds")) break;
      const record = this.#chunk.next();
      bytes += size;
      records.push(record);
      this.#position = record.offset + 1;
    }
    return { records, bytes, gaps };
  }

  /** Where the next records are no longer, goes to the earliest ones instead of reading. */
  #readAhead(wantedBytes: number): OffsetGap | null {
    if (this.#ahead.length > 0) return null;
    const limit = Math.min(readLimitChunks, Math.max(1, Math.ceil(wantedBytes / this.#chunkBytes)));
    const expectedOffset = this.#readTo;
    const { chunks, startOffset, endOffset } = this.#reads.chunks(this.partitionId, expectedOffset, limit);
    if (expectedOffset < startOffset || expectedOffset > endOffset) {
      this.#position = startOffset;
      this.#readTo = startOffset;
      return { ...this.#place, expectedOffset, resumedOffset: startOffset };
    }
    this.#keep(chunks);
    return null;
  }

  #keep(chunks: readonly StoredChunk[]): void {
    const last = chunks.at(-1);
    if (last === undefined) return;
    this.#ahead = [...chunks];
    this.#readTo = last.baseOffset + last.recordCount;
    this.#chunkBytes = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0) / chunks.length;
  }

  #openNext(): ChunkCursor | undefined {
    const chunk = this.#ahead.shift();
    if (chunk === undefined) return undefined;
    const cursor = new ChunkCursor(chunk, this.#place);
    cursor.skipTo(this.#position);
    return cursor;
  }
}

/** Takes from the cursors in their order until the bounds are met; waits where there is nothing. */
export async function fetchFrom(
  cursors: readonly PartitionCursor[],
  bounds: FetchBounds,
  signal: AppendSignal,
  abort: AbortSignal,
): Promise<{ readonly records: readonly LogRecord[]; readonly gaps: readonly OffsetGap[] }> {
  const giveUpAt = performance.now() + bounds.waitMs;
  // Who finds records each time, and fetches them in a loop, must not keep the thread from everything else.
  await setImmediate();
  for (;;) {
    // Whoever ends a fetch may close the file right after.
    if (abort.aborted) return { records: [], gaps: [] };
    const taken = takeFrom(cursors, bounds);
    const waitMs = giveUpAt - performance.now();
    if (taken.records.length > 0 || taken.gaps.length > 0 || waitMs <= 0) return taken;
    await signal.wait(cursors, waitMs, abort);
  }
}

function takeFrom(
  cursors: readonly PartitionCursor[],
  { maxRecords, maxBytes }: FetchBounds,
): { readonly records: LogRecord[]; readonly gaps: OffsetGap[] } {
  const records: LogRecord[] = [];
  const gaps: OffsetGap[] = [];
  let bytes = 0;
  for (const cursor of cursors) {
    if (records.length >= maxRecords) break;
    const left = { maxRecords: maxRecords - records.length, maxBytes: maxBytes - bytes };
    try {
      const taken = cursor.take(left, records.length === 0 ? "any size" : "within bounds");
      for (const record of taken.records) records.push(record);
      gaps.push(...taken.gaps);
      bytes += taken.bytes;
    } catch (error) {
      if (records.length === 0 && gaps.length === 0) throw error;
    }
  }
  return { records, gaps };
}
