import type { Config } from "../config/config.ts";
import type { TopicSpec } from "../stream/port.ts";

/** What a topic holds, by the key that names it. */
export const topicKinds = ["ingest", "events", "deadLetters", "debug"] as const;
export type TopicKind = (typeof topicKinds)[number];

/**
 * What a dead letter takes more than the record in it: base64 makes 4 bytes of 3, and the rest of the rejection stands
 * beside it.
 */
const deadLetterGrowth = 1.4;
const deadLetterExtraBytes = 64 * 1024;

/** A topic as the configuration wants it to be made. */
export function topicSpec(topics: Config["topics"], kind: TopicKind): TopicSpec {
  const { partitions, retentionMs, maxRecordBytes } = topics;
  return {
    name: topics[kind],
    partitions,
    retentionMs,
    retentionBytes: null,
    maxRecordBytes:
      kind === "deadLetters"
        ? Math.ceil(deadLetterGrowth * maxRecordBytes) + deadLetterExtraBytes
        : maxRecordBytes,
  };
}
