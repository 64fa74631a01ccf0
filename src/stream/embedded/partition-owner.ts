import { MillraceError } from "../../model/error.ts";
import type {
  FetchBounds,
  FetchedRecords,
  OffsetMove,
  OwnedInput,
  PartitionOwner,
  SliceCommit,
} from "../port.ts";
import type { AppendSignal } from "./append-signal.ts";
import type { LogReads, StoredTopic } from "./log-reads.ts";
import type { LogWriter } from "./log-writer.ts";
import { fetchFrom, PartitionCursor } from "./partition-cursor.ts";
import { outputPartition, routeRecords } from "./routing.ts";
import type { OffsetClaim, OwnedPosition } from "./write-request.ts";

/** Kafka's own limit, so that what is committed here can be committed there. */
const metadataLimitBytes = 4_096;

/** What an owner needs of the log. */
export interface OwnerLog {
  readonly reads: LogReads;
  readonly writer: LogWriter;
  readonly signal: AppendSignal;
  /** Throws `TOPIC`. */
  readonly findTopic: (name: string) => StoredTopic;
}

/** One of the topics that an owner consumes, and how far it has come. */
interface Input {
  readonly found: OwnedInput;
  readonly partitionId: number;
  readonly epoch: number;
  readonly cursor: PartitionCursor;
  expectedOffset: number | null;
  /** Where the next commit begins. */
  position: number;
}

export interface OwnRequest {
  readonly group: string;
  readonly topics: readonly StoredTopic[];
  readonly partition: number;
}

/** Owns the partition of one number in all of the topics, the first of which is the one that outputs follow. */
export async function ownPartition(log: OwnerLog, request: OwnRequest): Promise<EmbeddedOwner> {
  const { group, topics, partition } = request;
  const positions = await log.writer.request<"own">({
    kind: "own",
    group,
    partitionIds: topics.map(({ firstPartition }) => firstPartition + partition),
  });
  const inputs = topics.map((topic, index) => {
    const position = positions[index];
    if (position === undefined) throw new MillraceError("INTERNAL", "an owned partition has no position");
    return openInput(log, topic, partition, position);
  });
  return new EmbeddedOwner(log, request, inputs);
}

export class EmbeddedOwner implements PartitionOwner {
  readonly #log: OwnerLog;
  readonly #request: OwnRequest;
  readonly #inputs: readonly Input[];
  readonly #main: Input;
  readonly #ended = new AbortController();
  #committing: Promise<unknown> | undefined;

  constructor(log: OwnerLog, request: OwnRequest, inputs: readonly Input[]) {
    const [main] = inputs;
    if (main === undefined) throw new MillraceError("INTERNAL", "an owner needs a topic");
    this.#log = log;
    this.#request = request;
    this.#inputs = inputs;
    this.#main = main;
  }

  get topic(): string {
    return this.#main.found.topic;
  }

  get partition(): number {
    return this.#main.found.partition;
  }

  get committed(): OwnedInput["committed"] {
    return this.#main.found.committed;
  }

  get position(): number {
    return this.#main.found.position;
  }

  get gap(): OwnedInput["gap"] {
    return this.#main.found.gap;
  }

  get alongside(): readonly OwnedInput[] {
    return this.#inputs.slice(1).map(({ found }) => found);
  }

  get ended(): boolean {
    return this.#ended.signal.aborted;
  }

  async fetch(bounds: FetchBounds, topic: string = this.topic): Promise<FetchedRecords> {
    this.#checkOwned();
    return fetchFrom([this.#input(topic).cursor], bounds, this.#log.signal, this.#ended.signal);
  }

  async commit(slice: SliceCommit): Promise<void> {
    this.#checkOwned();
    if (this.#committing !== undefined) {
      throw new MillraceError("INTERNAL", `${this.#name()}: a commit began before the one before had ended`);
    }
    try {
      this.#committing = this.#send(slice);
      await this.#committing;
    } catch (error) {
      this.#ended.abort();
      throw error;
    } finally {
      this.#committing = undefined;
    }
  }

  /** Ends the owner at once; a commit that is under way may still come through. */
  end(): void {
    this.#ended.abort();
  }

  async release(): Promise<void> {
    this.end();
    await this.#committing?.catch(() => undefined);
  }

  async #send({ outputs, alongside = [], ...main }: SliceCommit): Promise<void> {
    const moves = [{ topic: this.topic, ...main }, ...alongside].map((move) => ({
      move,
      input: this.#input(move.topic),
    }));
    const claims = moves.map(({ move, input }) => this.#claim(move, input));
    const { partition } = this.#request;
    const of = this.#log.findTopic(this.topic).partitions;
    const { chunks } = routeRecords(outputs, this.#log.findTopic, outputPartition({ partition, of }));
    await this.#log.writer.request<"commit">({ kind: "commit", group: this.#request.group, claims, chunks });
    for (const { move, input } of moves) {
      input.position = move.to;
      input.expectedOffset = move.to;
    }
  }

  #claim({ from, to, metadata }: OffsetMove, input: Input): OffsetClaim {
    if (from !== input.position) {
      throw new MillraceError(
        "FENCED",
        `${this.#name()}: the slice begins at ${from}, and the offset is at ${input.position}`,
      );
    }
    if (to < from || to > input.cursor.position) {
      throw new MillraceError(
        "INTERNAL",
        `${this.#name()}: a commit from ${from} to ${to}, fetched up to ${input.cursor.position}`,
      );
    }
    if (Buffer.byteLength(metadata) > metadataLimitBytes) {
      throw new MillraceError(
        "INTERNAL",
        `${this.#name()}: an offset's metadata is over ${metadataLimitBytes} bytes`,
      );
    }
    const { partitionId, epoch, expectedOffset } = input;
    return { partitionId, epoch, expectedOffset, nextOffset: to, metadata };
  }

  #input(topic: string): Input {
    const input = this.#inputs.find(({ found }) => found.topic === topic);
    if (input === undefined) throw new MillraceError("TOPIC", `${this.#name()} does not own ${topic}`);
    return input;
  }

  #checkOwned(): void {
    if (!this.ended) return;
    throw new MillraceError("FENCED", `${this.#name()} is no longer owned here; own it anew`);
  }

  #name(): string {
    return `partition ${this.partition} of ${this.topic} in group ${this.#request.group}`;
  }
}

function openInput(log: OwnerLog, topic: StoredTopic, partition: number, owned: OwnedPosition): Input {
  const { committed, startOffset, endOffset, epoch } = owned;
  const place = { topic: topic.name, partition };
  const inRange = committed === null || (committed.offset >= startOffset && committed.offset <= endOffset);
  const position = committed !== null && inRange ? committed.offset : startOffset;
  const gap = inRange
    ? null
    : { ...place, expectedOffset: committed?.offset ?? 0, resumedOffset: startOffset };
  const partitionId = topic.firstPartition + partition;
  return {
    found: { ...place, committed, position, gap },
    partitionId,
    epoch,
    cursor: new PartitionCursor(log.reads, { ...place, partitionId }, position),
    expectedOffset: committed?.offset ?? null,
    position,
  };
}
