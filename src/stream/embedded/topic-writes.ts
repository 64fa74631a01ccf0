import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { MillraceError } from "../../model/error.ts";
import type { TopicLimits, TopicSpec } from "../port.ts";

/** Makes topics and changes their limits. */
export interface TopicWrites {
  /** Makes the topic and its partitions unless it is there. */
  ensure(spec: TopicSpec): null;
  /** Throws `TOPIC` where there is no such topic. */
  alter(name: string, limits: Partial<TopicLimits>): null;
}

interface LimitsRow {
  readonly retention_ms: number | null;
  readonly retention_bytes: number | null;
  readonly max_record_bytes: number;
}

export function openTopicWrites(db: DatabaseSync): TopicWrites {
  const select = db.prepare(
    "SELECT retention_ms, retention_bytes, max_record_bytes FROM topic WHERE name = ?",
  );
  const lastPartition = db.prepare("SELECT max(id) AS id FROM partition");
  const insertPartition = db.prepare(
    "INSERT INTO partition (id, start_offset, end_offset, bytes) VALUES (?, 0, 0, 0)",
  );
  const insert = db.prepare(
    `INSERT INTO topic (name, topic_id, first_partition, partitions, retention_ms, retention_bytes, max_record_bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare(
    "UPDATE topic SET retention_ms = ?, retention_bytes = ?, max_record_bytes = ? WHERE name = ?",
  );
  return {
    ensure: ({ name, partitions, retentionMs, retentionBytes, maxRecordBytes }) => {
      if (select.get(name) !== undefined) return null;
      const first = Number(lastPartition.get()?.["id"] ?? -1) + 1;
      for (let id = first; id < first + partitions; id += 1) insertPartition.run(id);
      insert.run(name, newTopicId(), first, partitions, retentionMs, retentionBytes, maxRecordBytes);
      return null;
    },
    alter: (name, limits) => {
      const row = select.get(name) as LimitsRow | undefined;
      if (row === undefined) throw new MillraceError("TOPIC", `there is no topic ${name}`);
      const { retentionMs = row.retention_ms, retentionBytes = row.retention_bytes } = limits;
      update.run(retentionMs, retentionBytes, limits.maxRecordBytes ?? row.max_record_bytes, name);
      return null;
    },
  };
}

/** 128 random bits in base64url, the form in which Kafka writes its topic ids; like there, none begins with a dash. */
function newTopicId(): string {
  for (;;) {
    const id = randomBytes(16).toString("base64url");
    if (!id.startsWith("-")) return id;
  }
}
