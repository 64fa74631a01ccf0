import type { DatabaseSync } from "node:sqlite";
import { MillraceError } from "../../model/error.ts";
import type {
  GroupMember,
  JoinOptions,
  Log,
  LogReader,
  OutgoingRecord,
  PartitionLag,
  PartitionOffsets,
  ReadOptions,
  RecordPlace,
  TopicDescription,
  TopicLimits,
  TopicSpec,
} from "../port.ts";
import { AppendSignal } from "./append-signal.ts";
import { openDatabase } from "./database.ts";
import { joinGroup, type EmbeddedMember } from "./group-member.ts";
import { openLogReads, type LogReads, type StoredTopic } from "./log-reads.ts";
import { EmbeddedReader } from "./log-reader.ts";
import { LogWriter } from "./log-writer.ts";
import { partitionForProducer } from "./producer-partition.ts";
import { routeRecords } from "./routing.ts";
import { checkTopicLimits, checkTopicSpec } from "./topic-spec.ts";
import { startWriterThread, type StartWriter } from "./writer-link.ts";
import type { HouseKeeping } from "./write-request.ts";

export interface EmbeddedLogOptions extends Partial<HouseKeeping> {
  /** The log's file; its directory is made. It must be on a local disk: the locks of network ones do not hold. */
  readonly path: string;
  /** Retention or a checkpoint failed. It is tried again; what waits for its answer hears of its own failures. */
  readonly onFault: (error: MillraceError) => void;
  /** Another writer than the thread of this log. */
  readonly startWriter?: StartWriter;
}

const houseKeepingDefaults: HouseKeeping = { retentionIntervalMs: 10_000, walLimitBytes: 64 * 2 ** 20 };

/**
 * Opens a log in one SQLite file, which any number of threads and processes of one machine may do at once. Reads are
 * done on the calling thread; all writing in a thread of its own, which starts when something is first to be written.
 * Rejects with `LOG_UNUSABLE`, `LOG_CORRUPT` or `LOG`.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<Log> {
  return new EmbeddedLog(openDatabase(options.path), options);
}

class EmbeddedLog implements Log {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #reads: LogReads;
  readonly #signal: AppendSignal;
  readonly #writer: LogWriter;
  readonly #choosePartition = partitionForProducer();
  /** What was given out and must end before the file is closed. */
  readonly #open = new Set<{ close(): Promise<void> }>();
  #closing: Promise<void> | undefined;

  constructor(db: DatabaseSync, options: EmbeddedLogOptions) {
    const { path, onFault, startWriter = startWriterThread } = options;
    const { retentionIntervalMs, walLimitBytes } = { ...houseKeepingDefaults, ...options };
    this.#path = path;
    this.#db = db;
    this.#reads = openLogReads(db, path);
    this.#signal = new AppendSignal(this.#reads);
    this.#writer = new LogWriter({
      path,
      houseKeeping: { retentionIntervalMs, walLimitBytes },
      start: startWriter,
      onWritten: () => this.#signal.notify(),
      onFault,
    });
  }

  async ensureTopic(spec: TopicSpec): Promise<TopicDescription> {
    this.#checkOpen();
    checkTopicSpec(spec);
    if (this.#reads.topic(spec.name) === undefined) {
      await this.#writer.request<"ensureTopic">({ kind: "ensureTopic", spec });
    }
    return describe(this.#findTopic(spec.name));
  }

  async alterTopic(name: string, limits: Partial<TopicLimits>): Promise<TopicDescription> {
    checkTopicLimits({ ...this.#findTopic(name), ...limits });
    await this.#writer.request<"alterTopic">({ kind: "alterTopic", name, limits });
    return describe(this.#findTopic(name));
  }

  async describeTopic(name: string): Promise<TopicDescription | undefined> {
    this.#checkOpen();
    const topic = this.#reads.topic(name);
    return topic === undefined ? undefined : describe(topic);
  }

  async listTopics(): Promise<readonly TopicDescription[]> {
    this.#checkOpen();
    return this.#reads.topics().map(describe);
  }

  async offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    const { firstPartition, partitions } = this.#findTopic(topic);
    return Array.from({ length: partitions }, (_, partition) => ({
      partition,
      ...this.#reads.bounds(firstPartition + partition),
    }));
  }

  async lag(group: string, topic: string): Promise<readonly PartitionLag[]> {
    const { firstPartition } = this.#findTopic(topic);
    const offsets = await this.offsets(topic);
    return offsets.map((bounds) => {
      const committedOffset = this.#reads.committedOffset(group, firstPartition + bounds.partition);
      const from = Math.max(committedOffset ?? 0, bounds.startOffset);
      return { topic, ...bounds, committedOffset, lagRecords: Math.max(0, bounds.endOffset - from) };
    });
  }

  async append(records: readonly OutgoingRecord[]): Promise<readonly RecordPlace[]> {
    this.#checkOpen();
    const routed = routeRecords(records, (name) => this.#findTopic(name), this.#choosePartition());
    const { chunks } = routed;
    if (chunks.length === 0) return [];
    return routed.places(await this.#writer.request<"append">({ kind: "append", chunks }));
  }

  async read({ topic, from }: ReadOptions): Promise<LogReader> {
    const log = {
      reads: this.#reads,
      signal: this.#signal,
      onClose: (closed: EmbeddedReader) => void this.#open.delete(closed),
    };
    const reader = new EmbeddedReader(log, this.#findTopic(topic), from);
    this.#open.add(reader);
    return reader;
  }

  async join(options: JoinOptions): Promise<GroupMember> {
    this.#checkOpen();
    const log = {
      path: this.#path,
      reads: this.#reads,
      writer: this.#writer,
      signal: this.#signal,
      findTopic: (name: string) => this.#findTopic(name),
      onClose: (closed: EmbeddedMember) => void this.#open.delete(closed),
    };
    const member = await joinGroup(log, options);
    if (this.#closing !== undefined) await member.close();
    this.#checkOpen();
    this.#open.add(member);
    return member;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#open].map((part) => part.close()));
    await this.#writer.close();
    this.#signal.close();
    this.#db.close();
  }

  #findTopic(name: string): StoredTopic {
    this.#checkOpen();
    const topic = this.#reads.topic(name);
    if (topic === undefined) throw new MillraceError("TOPIC", `log ${this.#path}: there is no topic ${name}`);
    return topic;
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new MillraceError("CLOSED", `log ${this.#path} is closed`);
  }
}

function describe({ firstPartition: _firstPartition, ...topic }: StoredTopic): TopicDescription {
  return topic;
}
