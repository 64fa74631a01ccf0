import type { LogReads } from "./log-reads.ts";

/**
 * How often the file is looked at while someone waits for records, milliseconds. What another thread or process appends
 * is seen that much later; a look costs some microseconds.
 */
const pollMs = 10;

/** Where in a partition someone waits. */
export interface WaitingPlace {
  readonly partitionId: number;
  /** The offset that is waited for. */
  readonly position: number;
}

interface Waiter {
  readonly places: readonly WaitingPlace[];
  readonly wake: () => void;
}

/** Wakes those who wait for records, whoever appends them. */
export class AppendSignal {
  readonly #reads: LogReads;
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;
  #seenVersion = 0;

  constructor(reads: LogReads) {
    this.#reads = reads;
  }

  /** Resolves when one of the places has a record, after `waitMs`, or when `abort` says so. */
  async wait(places: readonly WaitingPlace[], waitMs: number, abort: AbortSignal): Promise<void> {
    if (waitMs <= 0 || abort.aborted) return;
    // The version is taken before the places are looked at: what comes in between is seen by the next look.
    if (this.#waiters.size === 0) this.#seenVersion = this.#reads.dataVersion();
    if (this.#isReady(places)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    const waiter = { places, wake };
    const timeout = setTimeout(wake, waitMs);
    abort.addEventListener("abort", wake, { once: true });
    this.#waiters.add(waiter);
    this.#timer ??= setInterval(() => this.#look(), pollMs);
    await promise;
    clearTimeout(timeout);
    abort.removeEventListener("abort", wake);
    this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.close();
  }

  /** Something was written by this log; nobody needs to wait for the next look. */
  notify(): void {
    if (this.#waiters.size > 0) this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    try {
      const version = this.#reads.dataVersion();
      if (version === this.#seenVersion) return;
      this.#seenVersion = version;
      for (const { places, wake } of this.#waiters) {
        if (this.#isReady(places)) wake();
      }
    } catch {
      // The reads of those who wait say what is wrong.
      for (const { wake } of this.#waiters) wake();
    }
  }

  #isReady(places: readonly WaitingPlace[]): boolean {
    return places.some(({ partitionId, position }) => this.#reads.bounds(partitionId).endOffset > position);
  }
}
