import { randomBytes } from "node:crypto";
import type {
  FetchBounds,
  GroupMember,
  Log,
  LogReader,
  LogRecord,
  OutgoingRecord,
  TopicPartition,
  TopicSpec,
} from "../../src/stream/port.ts";

/** A place for logs, as an adapter gives it to the contract suite. */
export interface LogStore {
  /** A log on this store; each call gives another one, as another process would have it. */
  readonly open: () => Promise<Log>;
  /** A log that can be made to lose the answer to a commit. */
  readonly openUnreliable: () => Promise<UnreliableLog>;
  /** Makes the store drop the records before `offset`, all of which are from 1970, as its retention would. */
  readonly discardBefore: (log: Log, topic: string, partition: number, offset: number) => Promise<void>;
  /** Closes every log that was opened, and frees everything. */
  readonly remove: () => Promise<void>;
}

export interface UnreliableLog {
  readonly log: Log;
  /** The next commit is lost on its way to the log, or is done and its answer is lost on the way back. */
  readonly loseNextCommit: (what: "request" | "answer") => void;
}

/** A member, and the assignment that it was given. */
export interface Joined {
  readonly member: GroupMember;
  /** Resolves with the first assignment that holds what is looked for. */
  readonly assigned: (
    holds: (assigned: readonly TopicPartition[]) => boolean,
  ) => Promise<readonly TopicPartition[]>;
}

export const plenty: FetchBounds = { maxRecords: 10_000, maxBytes: 2 ** 24, waitMs: 200 };

/** Names that no other test has: a broker keeps its topics and groups. */
export function unusedName(what: string): string {
  return `${what}-${randomBytes(6).toString("hex")}`;
}

export function topicSpec(name: string, partitions: number, limits: Partial<TopicSpec> = {}): TopicSpec {
  return { name, partitions, retentionMs: null, retentionBytes: null, maxRecordBytes: 1_000_000, ...limits };
}

export function record(topic: string, text: string, fields: Partial<OutgoingRecord> = {}): OutgoingRecord {
  return {
    topic,
    key: null,
    value: Buffer.from(text),
    headers: [],
    timestampMs: 1_700_000_000_000,
    ...fields,
  };
}

export function textOf({ value }: { readonly value: Uint8Array | null }): string {
  return value === null ? "(null)" : Buffer.from(value).toString();
}

/** Records `first`, `first + 1`, … up to before `end`, all to one partition. */
export function numbered(topic: string, partition: number, first: number, end: number): OutgoingRecord[] {
  return Array.from({ length: end - first }, (_, index) => record(topic, `${first + index}`, { partition }));
}

/** Fetches until `count` records have come. */
export async function drain(reader: Pick<LogReader, "fetch">, count: number): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const giveUpAt = performance.now() + 15_000;
  while (records.length < count && performance.now() < giveUpAt) {
    records.push(...(await reader.fetch(plenty)).records);
  }
  return records;
}

/**
 * All records of a topic, in the order of partitions and offsets. There should be `count`; a little longer is waited
 * than for these, so that one too many is seen.
 */
export async function readAll(log: Log, topic: string, count: number): Promise<LogRecord[]> {
  const reader = await log.read({ topic, from: "beginning" });
  const records = await drain(reader, count);
  records.push(...(await reader.fetch(plenty)).records);
  await reader.close();
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

export async function join(log: Log, group: string, topics: readonly string[]): Promise<Joined> {
  let latest: readonly TopicPartition[] = [];
  let told = Promise.withResolvers<void>();
  const member = await log.join({
    group,
    topics,
    share: { index: 0, of: 1 },
    onAssignment: (assigned) => {
      latest = assigned;
      told.resolve();
      told = Promise.withResolvers();
    },
    onFault: (error) => told.reject(error),
  });
  return {
    member,
    assigned: async (holds) => {
      while (!holds(latest)) await told.promise;
      return latest;
    },
  };
}

/** Joins and waits until the member is assigned every partition of the topic. */
export async function joinAlone(log: Log, group: string, topic: string): Promise<GroupMember> {
  const { partitions } = (await log.describeTopic(topic)) ?? { partitions: 0 };
  const { member, assigned } = await join(log, group, [topic]);
  await assigned((all) => all.filter((one) => one.topic === topic).length === partitions);
  return member;
}
