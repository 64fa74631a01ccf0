import type {
  FetchBounds,
  FetchedRecords,
  LogRecord,
  PartitionOwner,
  TopicPartition,
} from "../stream/port.ts";
import { createFetchSizer } from "./fetch-size.ts";
import type { MemoryBudget, Reservation } from "./memory-budget.ts";
import type { LaneListener, LaneWork, Slice } from "./port.ts";

/**
 * Slices of one lane between fetch and commit: one is committed while the next ones run. More keep executors busy
 * across slow commits, and make more work to do again when the lane ends.
 */
const slicesAhead = 3;
/** Longest wait for the first record; it bounds nothing but how often an idle lane asks. */
const fetchWaitMs = 1_000;

export interface LaneOptions<T, R> {
  readonly owner: PartitionOwner;
  readonly work: LaneWork<T, R>;
  readonly budget: MemoryBudget;
  readonly listener: Pick<LaneListener<R>, "onCommitted" | "onGap">;
}

/** A fetched batch's share of the budget; it goes back when the last of its slices is through. */
interface Batch {
  readonly reservation: Reservation;
  slicesLeft: number;
}

/** One owned partition on its way through: fetch ahead, run side by side, commit in order. */
export class Lane<T, R> {
  readonly #options: LaneOptions<T, R>;
  readonly #from: TopicPartition;
  readonly #sizer = createFetchSizer();
  /** Slices that were begun and are not through. */
  readonly #running = new Set<Promise<void>>();
  readonly #ended: Promise<void>;
  /** Resolves when all slices that were begun so far are committed; rejects with the first fault. */
  #commits: Promise<void> = Promise.resolve();
  /** Where the next commit begins. */
  #position: number;
  #state: "running" | "stopping" = "running";
  /** Ends the wait for the fetch that is under way. */
  #giveUp: (() => void) | undefined;
  #fault: { readonly error: unknown } | undefined;

  constructor(options: LaneOptions<T, R>) {
    const { topic, partition, position } = options.owner;
    this.#options = options;
    this.#from = { topic, partition };
    this.#position = position;
    this.#ended = this.#run();
    this.#ended.catch(() => {});
  }

  /** Resolves once the lane was stopped and is through with what it had begun; rejects with what ended it otherwise. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Fetches no more, and begins no slice that has not begun. */
  stop(): void {
    this.#state = "stopping";
    this.#giveUp?.();
  }

  async #run(): Promise<void> {
    try {
      while (this.#goesOn()) await this.#fetchOnce();
    } catch (error) {
      this.#fault ??= { error };
    }
    await Promise.allSettled(this.#running);
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #goesOn(): boolean {
    return this.#state === "running" && this.#fault === undefined;
  }

  async #fetchOnce(): Promise<void> {
    const { budget, listener } = this.#options;
    const size = this.#sizer.current();
    const reservation = await budget.reserve(size.bytes, size.records);
    let batch: Batch | undefined;
    try {
      if (!this.#goesOn()) return;
      const bounds = { maxBytes: size.bytes, maxRecords: size.records, waitMs: fetchWaitMs };
      const fetched = await this.#fetch(bounds);
      if (fetched === undefined) return;
      const { records, gaps } = fetched;
      for (const gap of gaps) listener.onGap(gap);
      const bytes = records.reduce((sum, record) => sum + heldBytes(record), 0);
      this.#sizer.observe(bytes, records.length);
      if (records.length === 0) return;
      reservation.resize(bytes, records.length);
      const slices = [...this.#options.work.cut(records, this.#from)];
      batch = { reservation, slicesLeft: slices.length };
      await this.#beginAll(slices, batch);
    } finally {
      if (batch === undefined) reservation.release();
    }
  }

  /**
   * Gives nothing when the lane is stopped first. A race of each fetch against one promise that lives as long as the lane
   * would keep everything that was ever fetched in memory for as long.
   */
  #fetch(bounds: FetchBounds): Promise<FetchedRecords | undefined> {
    return new Promise((resolve, reject) => {
      this.#giveUp = () => resolve(undefined);
      this.#options.owner
        .fetch(bounds)
        .then(resolve, reject)
        .finally(() => (this.#giveUp = undefined));
    });
  }

  async #beginAll(slices: readonly Slice<T>[], batch: Batch): Promise<void> {
    for (const slice of slices) {
      while (this.#running.size >= slicesAhead && this.#goesOn()) await Promise.race(this.#running);
      if (this.#goesOn()) this.#begin(slice, batch);
      else this.#leave(batch);
    }
  }

  #begin(slice: Slice<T>, batch: Batch): void {
    const result = this.#options.work.run(slice, this.#from);
    const before = this.#commits;
    const commit = async (): Promise<void> => {
      const { outputs, report, metadata } = await result;
      await before;
      // A slice before this one has failed: what comes after it must not be committed.
      if (this.#fault !== undefined) return;
      const from = this.#position;
      await this.#options.owner.commit({ from, to: slice.to, metadata, outputs });
      this.#position = slice.to;
      this.#options.listener.onCommitted(report, { from: this.#from, records: slice.items.length });
    };
    const through = commit()
      .catch((error: unknown) => void (this.#fault ??= { error }))
      .finally(() => {
        this.#running.delete(through);
        this.#leave(batch);
      });
    this.#commits = through;
    this.#running.add(through);
  }

  #leave(batch: Batch): void {
    batch.slicesLeft -= 1;
    if (batch.slicesLeft === 0) batch.reservation.release();
  }
}

/** What a record takes in memory, roughly: objects around the bytes included. */
function heldBytes({ key, value, headers }: LogRecord): number {
  const headerBytes = headers.reduce((sum, [name, bytes]) => sum + name.length + bytes.length + 64, 0);
  return (key?.length ?? 0) + (value?.length ?? 0) + headerBytes + 256;
}
