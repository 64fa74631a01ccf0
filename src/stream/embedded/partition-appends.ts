import type { DatabaseSync } from "node:sqlite";
import { MillraceError } from "../../model/error.ts";
import type { PartitionBounds } from "./log-reads.ts";
import { checksumOf, chunkLimitBytes } from "./record-chunk.ts";
import type { PartitionRecords } from "./write-request.ts";

/** Appends of one transaction. Small ones to the same partition become one chunk. */
export interface PartitionAppends {
  /** Gives each chunk's offsets and takes it for {@link flush}. Throws `TOPIC`, having taken nothing. */
  add(chunks: readonly PartitionRecords[]): readonly number[];
  /** The bounds with what was added in this transaction. Throws `TOPIC`. */
  bounds(partitionId: number): PartitionBounds;
  /** Writes what was added; the transaction's last act. */
  flush(): void;
  /** The transaction is rolled back. */
  forget(): void;
}

interface Tail {
  readonly partitionId: number;
  readonly startOffset: number;
  endOffset: number;
  addedBytes: number;
  pending: Uint8Array[];
  pendingBytes: number;
  pendingRecords: number;
  newestMs: number;
}

export function openPartitionAppends(db: DatabaseSync): PartitionAppends {
  const select = db.prepare(
    'SELECT start_offset AS "startOffset", end_offset AS "endOffset" FROM partition WHERE id = ?',
  );
  const insert = db.prepare(
    `INSERT INTO chunk (partition, base_offset, record_count, newest_ms, checksum, records)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare("UPDATE partition SET end_offset = ?, bytes = bytes + ? WHERE id = ?");
  const tails = new Map<number, Tail>();

  const tailOf = (partitionId: number): Tail => {
    const known = tails.get(partitionId);
    if (known !== undefined) return known;
    const row = select.get(partitionId) as PartitionBounds | undefined;
    if (row === undefined) throw new MillraceError("TOPIC", `there is no partition with id ${partitionId}`);
    const tail = { partitionId, ...row, addedBytes: 0, ...nothingPending() };
    tails.set(partitionId, tail);
    return tail;
  };
  const store = (tail: Tail): void => {
    if (tail.pendingRecords === 0) return;
    const [only] = tail.pending;
    const records = tail.pending.length === 1 && only !== undefined ? only : Buffer.concat(tail.pending);
    const baseOffset = tail.endOffset - tail.pendingRecords;
    insert.run(
      tail.partitionId,
      baseOffset,
      tail.pendingRecords,
      tail.newestMs,
      checksumOf(records),
      records,
    );
    Object.assign(tail, nothingPending());
  };
  const take = (chunk: PartitionRecords): number => {
    const tail = tailOf(chunk.partitionId);
    if (tail.pendingBytes + chunk.bytes.length > chunkLimitBytes) store(tail);
    const baseOffset = tail.endOffset;
    tail.endOffset += chunk.recordCount;
    tail.addedBytes += chunk.bytes.length;
    tail.pending.push(chunk.bytes);
    tail.pendingBytes += chunk.bytes.length;
    tail.pendingRecords += chunk.recordCount;
    tail.newestMs = Math.max(tail.newestMs, chunk.newestMs);
    return baseOffset;
  };

  return {
    add: (chunks) => {
      for (const { partitionId } of chunks) tailOf(partitionId);
      return chunks.map(take);
    },
    bounds: (partitionId) => {
      const { startOffset, endOffset } = tailOf(partitionId);
      return { startOffset, endOffset };
    },
    flush: () => {
      for (const tail of tails.values()) {
        store(tail);
        if (tail.addedBytes > 0) update.run(tail.endOffset, tail.addedBytes, tail.partitionId);
      }
      tails.clear();
    },
    forget: () => tails.clear(),
  };
}

function nothingPending(): Pick<Tail, "pending" | "pendingBytes" | "pendingRecords" | "newestMs"> {
  return { pending: [], pendingBytes: 0, pendingRecords: 0, newestMs: Number.MIN_SAFE_INTEGER };
}
