import { MillraceError } from "../../model/error.ts";
import { partitionOfKey } from "../partition-of-key.ts";
import type { OutgoingRecord, RecordPlace } from "../port.ts";
import { recordSizeBytes } from "../record-size.ts";
import type { StoredTopic } from "./log-reads.ts";
import { packRecords } from "./record-chunk.ts";
import type { PartitionRecords } from "./write-request.ts";

/** Chooses the partition of a record that names none. */
export type ChoosePartition = (record: OutgoingRecord, topic: StoredTopic) => number;

/** Records on their way to their partitions, packed. */
export interface RoutedRecords {
  readonly chunks: readonly PartitionRecords[];
  /** Where each record stands, in the order in which they were given, once the chunks have their offsets. */
  places(baseOffsets: readonly number[]): readonly RecordPlace[];
}

interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly partitionId: number;
  readonly records: OutgoingRecord[];
  /** Where each of them stood among all. */
  readonly indexes: number[];
}

/** Checks, sorts by partition and packs. Throws `TOPIC`, `RECORD_TOO_LARGE`, or `INTERNAL` for a bad timestamp. */
export function routeRecords(
  records: readonly OutgoingRecord[],
  findTopic: (name: string) => StoredTopic,
  choose: ChoosePartition,
): RoutedRecords {
  const topics = new Map<string, StoredTopic>();
  const batches = new Map<number, Batch>();
  records.forEach((record, index) => {
    let topic = topics.get(record.topic);
    if (topic === undefined) {
      topic = findTopic(record.topic);
      topics.set(record.topic, topic);
    }
    checkRecord(record, topic);
    const partition = record.partition ?? choose(record, topic);
    const partitionId = topic.firstPartition + partition;
    let batch = batches.get(partitionId);
    if (batch === undefined) {
      batch = { topic: topic.name, partition, partitionId, records: [], indexes: [] };
      batches.set(partitionId, batch);
    }
    batch.records.push(record);
    batch.indexes.push(index);
  });
  return pack([...batches.values()], records.length);
}

/** The partition of an output of a slice, as `SliceCommit` describes it. */
export function outputPartition(input: { readonly partition: number; readonly of: number }): ChoosePartition {
  return ({ key }, { partitions }) => {
    if (partitions === input.of) return input.partition;
    return key === null ? input.partition % partitions : partitionOfKey(key, partitions);
  };
}

function pack(batches: readonly Batch[], recordCount: number): RoutedRecords {
  const chunks: PartitionRecords[] = [];
  const batchOfChunk: Batch[] = [];
  for (const batch of batches) {
    for (const packed of packRecords(batch.records)) {
      chunks.push({ partitionId: batch.partitionId, ...packed });
      batchOfChunk.push(batch);
    }
  }
  return {
    chunks,
    places: (baseOffsets) => {
      const places: RecordPlace[] = Array.from({ length: recordCount });
      const done = new Map<Batch, number>();
      chunks.forEach((chunk, index) => {
        const batch = batchOfChunk[index];
        const baseOffset = baseOffsets[index];
        if (batch === undefined || baseOffset === undefined) return;
        const first = done.get(batch) ?? 0;
        for (let i = 0; i < chunk.recordCount; i += 1) {
          const { topic, partition } = batch;
          places[batch.indexes[first + i] ?? 0] = { topic, partition, offset: baseOffset + i };
        }
        done.set(batch, first + chunk.recordCount);
      });
      return places;
    },
  };
}

function checkRecord(record: OutgoingRecord, topic: StoredTopic): void {
  const { partition, timestampMs } = record;
  if (
    partition !== undefined &&
    !(Number.isInteger(partition) && partition >= 0 && partition < topic.partitions)
  ) {
    throw new MillraceError(
      "TOPIC",
      `topic ${topic.name} has no partition ${partition}, only 0 to ${topic.partitions - 1}`,
    );
  }
  const bytes = recordSizeBytes(record);
  if (bytes > topic.maxRecordBytes) {
    throw new MillraceError(
      "RECORD_TOO_LARGE",
      `topic ${topic.name} takes records of up to ${topic.maxRecordBytes} bytes, and this one has ${bytes}`,
    );
  }
  if (!Number.isSafeInteger(timestampMs)) {
    throw new MillraceError(
      "INTERNAL",
      `a record's timestamp is ${timestampMs}, no whole number of milliseconds`,
    );
  }
}
