import { setTimeout as wait } from "node:timers/promises";
import type { MillraceError } from "../model/error.ts";
import type { GroupMember, JoinOptions, Log, PartitionOwner, TopicPartition } from "../stream/port.ts";
import { createBackOff } from "./back-off.ts";
import { Lane } from "./lane.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { LaneListener, LaneWork } from "./port.ts";

/** Waits before a partition is owned again after a fault, milliseconds. */
const firstWaitMs = 50;
const longestWaitMs = 5_000;

export interface LaneGroupOptions<T, R> extends Pick<JoinOptions, "group" | "topics" | "share"> {
  readonly log: Pick<Log, "join">;
  readonly work: LaneWork<T, R>;
  readonly budget: MemoryBudget;
  readonly listener: LaneListener<R>;
}

/** One stretch of membership between two assignments. */
interface Term {
  readonly over: AbortController;
  readonly keepers: Promise<void>[];
}

/**
 * The lanes of one worker: one for each partition that the group gives it. A lane that ends by a fault owns its
 * partition anew, for as long as the partition is the worker's; an assignment ends all lanes and begins anew.
 */
export class LaneGroup<T, R> {
  readonly #options: LaneGroupOptions<T, R>;
  readonly #lanes = new Set<Lane<T, R>>();
  #member: GroupMember | undefined;
  #term: Term = { over: new AbortController(), keepers: [] };
  #turning: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  private constructor(options: LaneGroupOptions<T, R>) {
    this.#options = options;
  }

  /** Joins the group. Rejects as `Log.join` does. */
  static async open<T, R>(options: LaneGroupOptions<T, R>): Promise<LaneGroup<T, R>> {
    const lanes = new LaneGroup(options);
    await lanes.#join();
    return lanes;
  }

  /** Stops fetching, waits until what has begun is committed, gives all partitions up and leaves the group. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #join(): Promise<void> {
    const { log, group, topics, share } = this.#options;
    this.#member = await log.join({
      group,
      topics,
      share,
      onAssignment: (assigned) => this.#turn(() => this.#assign(assigned)),
      onFault: (error) => this.#turn(() => this.#rejoin(error)),
    });
  }

  /** One change of the membership after the other. */
  #turn(change: () => Promise<void>): void {
    this.#turning = this.#turning.then(async () => {
      if (this.#closed === undefined) await change();
    });
  }

  async #assign(assigned: readonly TopicPartition[]): Promise<void> {
    await this.#endTerm();
    const term: Term = { over: new AbortController(), keepers: [] };
    this.#term = term;
    for (const from of assigned) term.keepers.push(this.#keep(from, term.over.signal));
  }

  async #rejoin(error: MillraceError): Promise<void> {
    await this.#endTerm();
    const backOff = createBackOff(firstWaitMs, longestWaitMs);
    let cause: unknown = error;
    while (this.#closed === undefined) {
      const waitMs = backOff.next();
      this.#options.listener.onFault({ topic: this.#options.topics.join(","), partition: -1 }, cause, waitMs);
      await wait(waitMs);
      try {
        await this.#leave();
        return await this.#join();
      } catch (failure) {
        cause = failure;
      }
    }
  }

  /** Leaves a membership that may be gone already. */
  async #leave(): Promise<void> {
    try {
      await this.#member?.close();
    } catch {
      // What matters is that another is joined.
    }
  }

  async #endTerm(): Promise<void> {
    this.#term.over.abort();
    for (const lane of this.#lanes) lane.stop();
    await Promise.all(this.#term.keepers);
  }

  /** Owns one partition and runs its lane, again after each fault, until the term is over. */
  async #keep(from: TopicPartition, over: AbortSignal): Promise<void> {
    const { listener } = this.#options;
    const backOff = createBackOff(firstWaitMs, longestWaitMs);
    while (!over.aborted) {
      let owner: PartitionOwner | undefined;
      try {
        owner = await (this.#member as GroupMember).own(from.topic, from.partition);
        listener.onOwned(owner);
        if (owner.gap !== null) listener.onGap(owner.gap);
        try {
          await this.#runLane(owner, () => backOff.reset(), over);
        } finally {
          listener.onReleased(from);
        }
        await owner.release();
      } catch (error) {
        await owner?.release().catch(() => {});
        // Another assignment has ended the owner; that is no fault.
        if (over.aborted) return;
        const waitMs = backOff.next();
        listener.onFault(from, error, waitMs);
        await wait(waitMs, undefined, { signal: over }).catch(() => {});
      }
    }
  }

  async #runLane(owner: PartitionOwner, onProgress: () => void, over: AbortSignal): Promise<void> {
    const { work, budget, listener } = this.#options;
    const lane = new Lane<T, R>({
      owner,
      work,
      budget,
      listener: {
        onGap: (gap) => listener.onGap(gap),
        onCommitted: (report, slice) => {
          onProgress();
          listener.onCommitted(report, slice);
        },
      },
    });
    this.#lanes.add(lane);
    if (over.aborted) lane.stop();
    try {
      await lane.ended;
    } finally {
      this.#lanes.delete(lane);
    }
  }

  async #close(): Promise<void> {
    await this.#endTerm();
    // A change that had begun may have begun another term.
    await this.#turning;
    await this.#endTerm();
    await this.#member?.close();
  }
}
