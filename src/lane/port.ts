import type { LogRecord, OffsetGap, OutgoingRecord, PartitionOwner, TopicPartition } from "../stream/port.ts";

/** A stretch of a lane's records that goes through together and is committed together. */
export interface Slice<T> {
  readonly items: readonly T[];
  /** The offset after its last record. */
  readonly to: number;
}

/** What a slice gives: its outputs for the log, and what whoever watches wants to know once they are committed. */
export interface SliceResult<R> {
  readonly outputs: readonly OutgoingRecord[];
  readonly report: R;
  /** Kept beside the offset, for the partition's next owner. */
  readonly metadata: string;
}

/** What a lane does with records between fetching and committing them. */
export interface LaneWork<T, R> {
  /** Cuts what was fetched into slices: all of the records, in their order. */
  cut(records: readonly LogRecord[], from: TopicPartition): Iterable<Slice<T>>;
  /** Takes a slice through. Rejects with a platform fault; then the slice is fetched and run again. */
  run(slice: Slice<T>, from: TopicPartition): Promise<SliceResult<R>>;
}

/** Hears what lanes do. Nothing that it does may hold a lane up or fail. */
export interface LaneListener<R> {
  /** A partition is owned, and the lane begins at this position. */
  onOwned(owner: PartitionOwner): void;
  /** The lane of a partition that was owned has ended. */
  onReleased(from: TopicPartition): void;
  onCommitted(report: R, slice: { readonly from: TopicPartition; readonly records: number }): void;
  /** Records that were to be read are not there any more: lost to retention before they were handled. */
  onGap(gap: OffsetGap): void;
  /** A lane ended by a fault and will own its partition again after `waitMs`. */
  onFault(from: TopicPartition, error: unknown, waitMs: number): void;
}
