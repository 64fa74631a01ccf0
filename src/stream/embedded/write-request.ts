import type { ErrorCode } from "../../model/error.ts";
import type { TopicLimits, TopicSpec } from "../port.ts";
import type { PartitionBounds } from "./log-reads.ts";
import type { PackedRecords } from "./record-chunk.ts";

/** Packed records and the partition that they go to. */
export interface PartitionRecords extends PackedRecords {
  readonly partitionId: number;
}

/** How a commit moves one offset, and what must be so for it. */
export interface OffsetClaim {
  readonly partitionId: number;
  /** What `own` gave; a higher one in the file means that someone else owns. */
  readonly epoch: number;
  /** The committed offset as this owner left it; `null` where there was none. */
  readonly expectedOffset: number | null;
  readonly nextOffset: number;
  readonly metadata: string;
}

/** What `own` found. */
export interface OwnedPosition extends PartitionBounds {
  readonly epoch: number;
  readonly committed: { readonly offset: number; readonly metadata: string } | null;
}

/** What is asked of the thread that writes. Plain data; the bytes of records are transferred. */
export type WriteRequest =
  | { readonly kind: "ensureTopic"; readonly spec: TopicSpec }
  | { readonly kind: "alterTopic"; readonly name: string; readonly limits: Partial<TopicLimits> }
  | { readonly kind: "append"; readonly chunks: readonly PartitionRecords[] }
  | { readonly kind: "own"; readonly group: string; readonly partitionIds: readonly number[] }
  | {
      readonly kind: "commit";
      readonly group: string;
      readonly claims: readonly OffsetClaim[];
      readonly chunks: readonly PartitionRecords[];
    };

/** What each kind of request gives. */
export interface WriteResults {
  readonly ensureTopic: null;
  readonly alterTopic: null;
  /** The offset of each chunk's first record. */
  readonly append: readonly number[];
  readonly own: readonly OwnedPosition[];
  readonly commit: null;
}

export type WriteResult = WriteResults[keyof WriteResults];

/** An error on its way between threads. */
export interface WriteError {
  readonly code: ErrorCode;
  readonly message: string;
}

export type WriteOutcome = { readonly result: WriteResult } | { readonly error: WriteError };

/** To the thread that writes; `close` is the last one. */
export type WriterMessage = { readonly id: number; readonly request: WriteRequest } | "close";

/** From the thread that writes. */
export type WriterReport =
  | { readonly kind: "replies"; readonly replies: readonly (readonly [id: number, WriteOutcome])[] }
  /** Work of its own accord failed; it goes on. */
  | { readonly kind: "fault"; readonly error: WriteError }
  /** It could not open the log and ends. */
  | { readonly kind: "failed"; readonly error: WriteError };

/** How the thread that writes keeps house. */
export interface HouseKeeping {
  /** Between two looks at what is to be deleted, milliseconds. Longer keeps old records longer. */
  readonly retentionIntervalMs: number;
  /**
   * Size at which the WAL is emptied although that makes readers wait for a moment, bytes. It bounds the disk that the
   * WAL takes and the time that opening takes after a crash.
   */
  readonly walLimitBytes: number;
}
