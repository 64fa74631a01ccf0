import type { DatabaseSync } from "node:sqlite";
import type { TopicDescription } from "../port.ts";
import { checksumOf, type StoredChunk } from "./record-chunk.ts";
import { damaged, withFaults } from "./sqlite-fault.ts";

/** A topic, and where its partitions' ids begin; partition `n` has the id `firstPartition + n`. */
export interface StoredTopic extends TopicDescription {
  readonly firstPartition: number;
}

/** The offsets of a partition; the last record lies before `endOffset`. */
export interface PartitionBounds {
  readonly startOffset: number;
  readonly endOffset: number;
}

/** A stretch of a partition as it stood at one moment. */
export interface ChunksRead extends PartitionBounds {
  /** Without a hole; the first one holds the offset that was asked for. Empty where there is no such record. */
  readonly chunks: readonly StoredChunk[];
}

/** Reads of the log's file. Each is finished when it returns, so that none keeps a checkpoint from its work. */
export interface LogReads {
  topic(name: string): StoredTopic | undefined;
  topics(): readonly StoredTopic[];
  bounds(partitionId: number): PartitionBounds;
  /**
   * Up to `limit` chunks from the one that holds `offset`. It ends before what is damaged or missing, and throws
   * `LOG_CORRUPT` when that comes first: nothing is left out.
   */
  chunks(partitionId: number, offset: number, limit: number): ChunksRead;
  committedOffset(group: string, partitionId: number): number | null;
  /** Another number than before whenever another connection has changed the file. */
  dataVersion(): number;
}

interface ChunkRow {
  readonly base_offset: number;
  readonly record_count: number;
  readonly checksum: number;
  readonly records: Uint8Array;
}

interface TopicRow {
  readonly name: string;
  readonly topic_id: string;
  readonly first_partition: number;
  readonly partitions: number;
  readonly retention_ms: number | null;
  readonly retention_bytes: number | null;
  readonly max_record_bytes: number;
}

const chunksFrom = `
  SELECT base_offset, record_count, checksum, records FROM chunk
  WHERE partition = ?1 AND base_offset >=
    coalesce((SELECT max(base_offset) FROM chunk WHERE partition = ?1 AND base_offset <= ?2), 0)
  ORDER BY base_offset LIMIT ?3`;

/** @param path the file's name, for errors */
export function openLogReads(db: DatabaseSync, path: string): LogReads {
  const topic = db.prepare("SELECT * FROM topic WHERE name = ?");
  const topics = db.prepare("SELECT * FROM topic ORDER BY name");
  const bounds = db.prepare(
    'SELECT start_offset AS "startOffset", end_offset AS "endOffset" FROM partition WHERE id = ?',
  );
  const chunks = db.prepare(chunksFrom);
  const committed = db.prepare("SELECT next_offset FROM position WHERE consumer_group = ? AND partition = ?");
  const dataVersion = db.prepare("PRAGMA data_version");
  const boundsOf = (partitionId: number): PartitionBounds => {
    const row = bounds.get(partitionId) as PartitionBounds | undefined;
    if (row === undefined) throw damaged(path, `partition ${partitionId} is missing`);
    return row;
  };
  return {
    topic: (name) =>
      withFaults(path, () => {
        const row = topic.get(name);
        return row === undefined ? undefined : storedTopic(row as unknown as TopicRow);
      }),
    topics: () => withFaults(path, () => (topics.all() as unknown as TopicRow[]).map(storedTopic)),
    bounds: (partitionId) => withFaults(path, () => boundsOf(partitionId)),
    chunks: (partitionId, offset, limit) =>
      withFaults(path, () =>
        inOneRead(db, () => {
          const now = boundsOf(partitionId);
          if (offset < now.startOffset || offset >= now.endOffset) return { ...now, chunks: [] };
          const rows = chunks.all(partitionId, offset, limit) as unknown as ChunkRow[];
          const { sound, damage } = soundRows(rows, offset);
          if (sound.length > 0) return { ...now, chunks: sound.map(storedChunk) };
          throw damaged(path, `partition ${partitionId} ${damage}`);
        }),
      ),
    committedOffset: (group, partitionId) =>
      withFaults(path, () => {
        const row = committed.get(group, partitionId) as { readonly next_offset: number | null } | undefined;
        return row?.next_offset ?? null;
      }),
    dataVersion: () => withFaults(path, () => Number(dataVersion.get()?.["data_version"])),
  };
}

/** So that bounds and chunks are of the same moment: retention and appends go on meanwhile. */
function inOneRead<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN");
  try {
    return work();
  } finally {
    // SQLite ends it by itself after some failures.
    if (db.isTransaction) db.exec("COMMIT");
  }
}

/** The rows up to the first that does not hold what follows, unharmed, and what is the matter there. */
function soundRows(
  rows: readonly ChunkRow[],
  offset: number,
): { readonly sound: readonly ChunkRow[]; readonly damage: string } {
  let expected = offset;
  for (const [index, row] of rows.entries()) {
    const end = row.base_offset + row.record_count;
    // Only the first one may begin before the offset that is wanted.
    const follows =
      index === 0 ? row.base_offset <= expected && end > expected : row.base_offset === expected;
    const sound = rows.slice(0, index);
    if (!follows) return { sound, damage: `lacks records from offset ${expected}` };
    if (checksumOf(row.records) !== row.checksum) {
      return { sound, damage: `has damaged bytes between offsets ${row.base_offset} and ${end}` };
    }
    expected = end;
  }
  return { sound: rows, damage: `lacks records from offset ${expected}` };
}

function storedChunk(row: ChunkRow): StoredChunk {
  return { baseOffset: row.base_offset, recordCount: row.record_count, bytes: row.records };
}

function storedTopic(row: TopicRow): StoredTopic {
  return {
    name: row.name,
    topicId: row.topic_id,
    firstPartition: row.first_partition,
    partitions: row.partitions,
    retentionMs: row.retention_ms,
    retentionBytes: row.retention_bytes,
    maxRecordBytes: row.max_record_bytes,
  };
}
