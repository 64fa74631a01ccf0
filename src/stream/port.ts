import type { MillraceError } from "../model/error.ts";

/** The bytes of a header are the producer's; a name may stand more than once, and the order is kept. */
export type RecordHeaders = readonly (readonly [name: string, value: Uint8Array])[];

/** A record to be appended. */
export interface OutgoingRecord {
  readonly topic: string;
  /**
   * Without it the log picks. A producer's record goes to murmur2 of its key, as Kafka places it; one without a key
   * goes to any partition, all such records of one call to the same. For a slice's outputs see {@link SliceCommit}.
   */
  readonly partition?: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: RecordHeaders;
  /** Epoch milliseconds. Retention goes by it, and a broker refuses what lies in the future. */
  readonly timestampMs: number;
}

/** Where a record stands for good. */
export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A record as it was read. Its bytes are views into a larger buffer: what is kept for long must be copied. */
export interface LogRecord extends RecordPlace {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: RecordHeaders;
  readonly timestampMs: number;
}

/** What may be changed of a topic. */
export interface TopicLimits {
  /** Records older than this may go, judged by their own timestamps; `null` keeps them for ever. */
  readonly retentionMs: number | null;
  /** Most bytes that each partition keeps for certain; `null` for no bound. What lies before may go. */
  readonly retentionBytes: number | null;
  /**
   * Largest record, counted by `recordSizeBytes`. It protects the memory of all who read the topic; raising it costs
   * that much for each record in flight.
   */
  readonly maxRecordBytes: number;
}

export interface TopicSpec extends TopicLimits {
  /** 1 to 249 letters, digits, `.`, `_` and `-`; neither `.` nor `..`. */
  readonly name: string;
  readonly partitions: number;
}

export interface TopicDescription extends TopicSpec {
  /** Tells this topic from an earlier one of the same name, whose offsets mean nothing here. */
  readonly topicId: string;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface PartitionOffsets {
  readonly partition: number;
  /** The earliest record that is still there. */
  readonly startOffset: number;
  /** What the next record will get, or a little less where a transaction is still open. */
  readonly endOffset: number;
}

/** How far a group is behind in one partition. */
export interface PartitionLag extends PartitionOffsets {
  readonly topic: string;
  readonly committedOffset: number | null;
  /** Offsets from the committed one, or from the start, up to the end. Kafka's transaction markers count too. */
  readonly lagRecords: number;
}

/** A stretch that was to be read and is not there. Reading goes on at the earliest record that is, never at the end. */
export interface OffsetGap extends TopicPartition {
  readonly expectedOffset: number;
  readonly resumedOffset: number;
}

/** What one fetch may bring. */
export interface FetchBounds {
  readonly maxRecords: number;
  /** Bytes of keys, values and headers. One record comes in any case, however large. */
  readonly maxBytes: number;
  /** How long to wait for the first record; it is not waited for more of them. */
  readonly waitMs: number;
}

export interface FetchedRecords {
  /** In the order of offsets within each partition. Empty when nothing came in time. */
  readonly records: readonly LogRecord[];
  /** What was found missing on the way to these records. */
  readonly gaps: readonly OffsetGap[];
}

export interface ReadOptions {
  readonly topic: string;
  /** The list names the only partitions that are read, and where each begins. */
  readonly from: "beginning" | "end" | readonly PartitionStart[];
}

export interface PartitionStart {
  readonly partition: number;
  readonly offset: number;
}

/** Follows a topic without a group: it commits nothing, disturbs nobody and any process may have one. */
export interface LogReader {
  /** One at a time. Once the reader is closed it rejects with `CLOSED`; one that waits comes back empty. */
  fetch(bounds: FetchBounds): Promise<FetchedRecords>;
  close(): Promise<void>;
}

export interface JoinOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Which share of the partitions this member takes where no broker deals them out: those whose number leaves `index`
   * when divided by `of`. The members of one process have the same `of` and an `index` each. Kafka's own assignment
   * takes its place.
   */
  readonly share: { readonly index: number; readonly of: number };
  /**
   * All partitions that this member should own from now on; the first call comes after `join` has resolved. Each call
   * ends every owner of the member, of partitions named again too: the caller owns anew.
   */
  readonly onAssignment: (assigned: readonly TopicPartition[]) => void;
  /** The membership has ended and only joining anew helps. */
  readonly onFault: (error: MillraceError) => void;
}

/**
 * One member of a consumer group. Membership only says who should own a partition; that no input is handled twice rests
 * on {@link GroupMember.own} alone.
 */
export interface GroupMember {
  /** Takes these topics instead of the former ones; a new assignment follows. Rejects with `TOPIC`. */
  subscribe(topics: readonly string[]): Promise<void>;
  /**
   * Fences every earlier owner of this partition in the group, in any process, then reads the committed offsets. What
   * was fetched under an earlier owner must be dropped.
   *
   * @param alongside further topics whose partition of the same number is owned with it, so that one commit moves all
   *   their offsets (`{topic}.parked`). Such a topic is never owned in any other way.
   */
  own(topic: string, partition: number, alongside?: readonly string[]): Promise<PartitionOwner>;
  /** Releases what it owns and leaves the group. */
  close(): Promise<void>;
}

/** Where an owner found one of its topics. */
export interface OwnedInput extends TopicPartition {
  /** What the group last committed here; `null` where it never did, and then the input begins at its start. */
  readonly committed: { readonly offset: number; readonly metadata: string } | null;
  /** The first offset that this owner fetches, and where its first commit begins. */
  readonly position: number;
  /** The committed offset lies outside the records that are there: reading goes on at the earliest. */
  readonly gap: OffsetGap | null;
}

/** How one topic's offset moves in a commit. */
export interface OffsetMove {
  /** Where the slice began: the owner's position, and then each time where the last commit ended. */
  readonly from: number;
  /** The offset after the slice's last record. */
  readonly to: number;
  /** What the next owner must know, kept beside the offset; up to 4,096 bytes of UTF-8. */
  readonly metadata: string;
}

/**
 * A slice on its way out, in one transaction: its outputs and its offset, both or neither. An output without a
 * `partition` goes to the input's partition number where its topic has as many partitions as the input's. Elsewhere it
 * goes to murmur2 of its key, or, without a key, to the input's partition number modulo the number of partitions.
 */
export interface SliceCommit extends OffsetMove {
  readonly outputs: readonly OutgoingRecord[];
  /** Offsets of topics owned alongside that move in the same transaction. */
  readonly alongside?: readonly (OffsetMove & { readonly topic: string })[];
}

/**
 * The right to consume one partition for a group, until the next {@link GroupMember.own}. Any failed commit, any
 * assignment and {@link release} end the owner; from then on it rejects with `FENCED`.
 */
export interface PartitionOwner extends OwnedInput {
  /** In the order of the topics that were asked for. */
  readonly alongside: readonly OwnedInput[];
  /**
   * Goes on after the last fetch, whatever is committed by then. One at a time for each topic; a commit may be under
   * way. One that waits comes back empty when the owner ends.
   *
   * @param topic one that is owned alongside; without it the topic itself
   */
  fetch(bounds: FetchBounds, topic?: string): Promise<FetchedRecords>;
  /**
   * One at a time. Rejects with `FENCED`, having changed nothing, when the partition is owned anew or its offset is not
   * at `from`; with `TOPIC` or `RECORD_TOO_LARGE`, having changed nothing, for an output that cannot be; with `LOG`
   * when it is unknown whether it was done. After any of these the next owner finds the truth in the committed offset.
   */
  commit(slice: SliceCommit): Promise<void>;
  /** Gives the partition up; a commit that is under way is waited for. */
  release(): Promise<void>;
}

/**
 * The log: topics of partitions, appended to by anyone, consumed by groups. Every call can reject with `LOG`,
 * `LOG_UNUSABLE`, `LOG_CORRUPT` or `CLOSED`.
 */
export interface Log {
  /**
   * Makes the topic where it is missing. One that is there stays as it is and is described; the caller compares.
   * Rejects with `TOPIC` for what cannot be made.
   */
  ensureTopic(spec: TopicSpec): Promise<TopicDescription>;
  /** Changes limits of a topic. Rejects with `TOPIC`. */
  alterTopic(name: string, limits: Partial<TopicLimits>): Promise<TopicDescription>;
  describeTopic(name: string): Promise<TopicDescription | undefined>;
  /** Every topic, by name. */
  listTopics(): Promise<readonly TopicDescription[]>;
  /** The bounds of each partition, in their order. Rejects with `TOPIC`. */
  offsets(topic: string): Promise<readonly PartitionOffsets[]>;
  /** How far a group is behind in each partition, in their order. Rejects with `TOPIC`. */
  lag(group: string, topic: string): Promise<readonly PartitionLag[]>;
  /**
   * Appends records; when it resolves they are durable, those of one partition in the order given. Gives the place of
   * each. Rejects with `TOPIC` or `RECORD_TOO_LARGE`, having written nothing; after `LOG` some may have been written.
   */
  append(records: readonly OutgoingRecord[]): Promise<readonly RecordPlace[]>;
  /** Rejects with `TOPIC`. */
  read(options: ReadOptions): Promise<LogReader>;
  /** Rejects with `TOPIC`; with `GROUP_HELD` where another process consumes for the group and may not be joined. */
  join(options: JoinOptions): Promise<GroupMember>;
  /** Ends readers, owners and members, waits for what is being written, and frees everything. */
  close(): Promise<void>;
}
