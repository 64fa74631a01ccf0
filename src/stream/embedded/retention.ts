import type { DatabaseSync } from "node:sqlite";
import { inWriteTransaction } from "./group-commit.ts";

/**
 * Chunks that one step deletes at most; appends wait for a step. Up to 4 MB of pages are freed, and SQLite reads each
 * of them.
 */
const stepChunks = 16;
/** Free pages that one step gives back to the file system at most, each of which may move another page. */
const stepFreePages = 512;
/**
 * Free pages that are kept for new records: a share of the file, and at least 8 MB. What is given back and taken again
 * costs twice; the disk may hold this much more than the records need.
 */
const keptFreeShare = 0.2;
const keptFreePages = 1_024;

interface PartitionRow {
  readonly id: number;
  readonly bytes: number;
  readonly retention_ms: number | null;
  readonly retention_bytes: number | null;
}

interface OldChunk {
  readonly id: number;
  readonly endOffset: number;
  readonly newestMs: number;
  readonly bytes: number;
}

/**
 * Deletes what is too old or too much, and gives space back, in steps between which others can write. Each call does
 * one step and says whether another one is due. A partition loses records from its start only.
 */
export function openRetention(db: DatabaseSync): (nowMs: number) => "more" | "done" {
  const partitions = db.prepare(
    `SELECT partition.id, bytes, retention_ms, retention_bytes FROM partition
     JOIN topic ON partition.id >= first_partition AND partition.id < first_partition + partitions
     WHERE start_offset < end_offset AND (retention_ms IS NOT NULL OR bytes > retention_bytes)`,
  );
  const oldest = db.prepare(
    `SELECT id, base_offset + record_count AS "endOffset", newest_ms AS "newestMs", length(records) AS bytes
     FROM chunk WHERE partition = ? ORDER BY base_offset LIMIT ${stepChunks}`,
  );
  const remove = db.prepare("DELETE FROM chunk WHERE id = ?");
  const update = db.prepare("UPDATE partition SET start_offset = ?, bytes = bytes - ? WHERE id = ?");

  const bytesOf = db.prepare("SELECT bytes FROM partition WHERE id = ?");

  const expired = (partition: PartitionRow, nowMs: number): readonly OldChunk[] => {
    const chunks = oldest.all(partition.id) as unknown as OldChunk[];
    let bytes = partition.bytes;
    const kept = chunks.findIndex((chunk) => {
      const tooOld = partition.retention_ms !== null && chunk.newestMs < nowMs - partition.retention_ms;
      const tooMuch = partition.retention_bytes !== null && bytes - chunk.bytes >= partition.retention_bytes;
      bytes -= chunk.bytes;
      return !tooOld && !tooMuch;
    });
    return kept === -1 ? chunks : chunks.slice(0, kept);
  };
  const deleteFrom = (partition: PartitionRow, nowMs: number): void => {
    inWriteTransaction(db, () => {
      // Another process may have deleted meanwhile.
      const bytes = Number(bytesOf.get(partition.id)?.["bytes"]);
      const chunks = expired({ ...partition, bytes }, nowMs);
      const last = chunks.at(-1);
      if (last === undefined) return;
      for (const { id } of chunks) remove.run(id);
      const deletedBytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
      update.run(last.endOffset, deletedBytes, partition.id);
    });
  };

  return (nowMs) => {
    // Looked at outside a transaction first, so that a log without anything to delete is never locked.
    const due = (partitions.all() as unknown as PartitionRow[]).find(
      (partition) => expired(partition, nowMs).length > 0,
    );
    if (due !== undefined) {
      deleteFrom(due, nowMs);
      return "more";
    }
    return giveBackSpace(db);
  };
}

function giveBackSpace(db: DatabaseSync): "more" | "done" {
  const free = Number(db.prepare("PRAGMA freelist_count").get()?.["freelist_count"]);
  const pages = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  const surplus = free - Math.max(keptFreePages, Math.ceil(pages * keptFreeShare));
  if (surplus <= 0) return "done";
  inWriteTransaction(db, () => db.exec(`PRAGMA incremental_vacuum(${Math.min(surplus, stepFreePages)})`));
  return surplus > stepFreePages ? "more" : "done";
}
