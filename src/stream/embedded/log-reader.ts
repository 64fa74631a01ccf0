import { MillraceError } from "../../model/error.ts";
import type { FetchBounds, FetchedRecords, LogReader, ReadOptions } from "../port.ts";
import type { AppendSignal } from "./append-signal.ts";
import type { LogReads, StoredTopic } from "./log-reads.ts";
import { fetchFrom, PartitionCursor } from "./partition-cursor.ts";

/** What a reader needs of the log. */
export interface ReaderLog {
  readonly reads: LogReads;
  readonly signal: AppendSignal;
  readonly onClose: (reader: EmbeddedReader) => void;
}

export class EmbeddedReader implements LogReader {
  readonly #signal: AppendSignal;
  readonly #cursors: PartitionCursor[];
  readonly #onClose: (reader: EmbeddedReader) => void;
  readonly #closed = new AbortController();

  constructor({ reads, signal, onClose }: ReaderLog, topic: StoredTopic, from: ReadOptions["from"]) {
    this.#signal = signal;
    this.#onClose = onClose;
    this.#cursors = starts(reads, topic, from).map(({ partition, offset }) => {
      const partitionId = topic.firstPartition + partition;
      return new PartitionCursor(reads, { topic: topic.name, partition, partitionId }, offset);
    });
  }

  async fetch(bounds: FetchBounds): Promise<FetchedRecords> {
    if (this.#closed.signal.aborted) throw new MillraceError("CLOSED", "the reader is closed");
    const fetched = await fetchFrom(this.#cursors, bounds, this.#signal, this.#closed.signal);
    // Another partition comes first next time, so that a busy one does not keep the others waiting.
    const first = this.#cursors.shift();
    if (first !== undefined) this.#cursors.push(first);
    return fetched;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#onClose(this);
  }
}

function starts(
  reads: LogReads,
  topic: StoredTopic,
  from: ReadOptions["from"],
): readonly { readonly partition: number; readonly offset: number }[] {
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => partition);
  const bounds = (partition: number): ReturnType<LogReads["bounds"]> =>
    reads.bounds(topic.firstPartition + partition);
  switch (from) {
    case "beginning":
      return partitions.map((partition) => ({ partition, offset: bounds(partition).startOffset }));
    case "end":
      return partitions.map((partition) => ({ partition, offset: bounds(partition).endOffset }));
    default: {
      const missing = from.find(({ partition }) => !partitions.includes(partition));
      if (missing === undefined) return from;
      throw new MillraceError("TOPIC", `topic ${topic.name} has no partition ${missing.partition}`);
    }
  }
}
