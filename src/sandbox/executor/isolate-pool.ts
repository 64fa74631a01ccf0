import type ivm from "isolated-vm";
import { OrgIsolate, type RecycleReason, type TrialVerdicts } from "./org-isolate.ts";

export interface IsolatePoolOptions {
  readonly snapshot: ivm.ExternalCopy<ArrayBuffer>;
  /** Most isolates that are held at once. Each takes about 1 MB idle; beyond, the least recently used org's goes. */
  readonly ceiling: number;
  /** Isolates made ahead of need, about 3 ms of work each, so that a new org does not wait for one. */
  readonly spares: number;
  readonly crossingEvents: number;
  /** Resident memory of the executor above which idle isolates are given up, bytes. */
  readonly pressureBytes: number;
}

/** All isolates of one executor: at most one an org, spares that belong to nobody, and counts of why others ended. */
export class IsolatePool {
  readonly #options: IsolatePoolOptions;
  /** By org, in the order of last use: the first is the least recently used. */
  readonly #byOrg = new Map<string, OrgIsolate>();
  /** The last one made is the first one taken: its pages are the warmest. */
  readonly #spares: OrgIsolate[] = [];
  readonly #verdicts: TrialVerdicts = new Map();
  readonly #recycled: Partial<Record<RecycleReason, number>> = {};
  #spareBytes = 0;
  #busy: OrgIsolate | undefined;

  constructor(options: IsolatePoolOptions) {
    this.#options = options;
  }

  /** The org's isolate, or a spare that becomes the org's. `memoryBytes` is what one event may add. */
  take(orgId: string, memoryBytes: number): OrgIsolate {
    const known = this.#byOrg.get(orgId);
    if (known !== undefined && !known.dirty && known.memoryBytes === memoryBytes) {
      this.#byOrg.delete(orgId);
      this.#byOrg.set(orgId, known);
      return this.#enter(known);
    }
    if (known !== undefined) this.recycle(known, known.dirty ? "doubtful" : "limit");
    // An executor that is never idle never tends the pool, and new orgs are what makes it grow.
    if (process.memoryUsage.rss() > this.#options.pressureBytes) this.#relieve();
    const fresh = this.takeFresh(orgId, memoryBytes);
    this.#byOrg.set(orgId, fresh);
    this.#evict();
    return fresh;
  }

  /** An isolate that has run nothing, for one org and one event; the caller recycles it. */
  takeFresh(orgId: string, memoryBytes: number): OrgIsolate {
    const isolate = this.#takeSpare(memoryBytes) ?? this.#create(memoryBytes);
    this.#spareBytes = memoryBytes;
    isolate.give(orgId);
    return this.#enter(isolate);
  }

  /** The crossing came back in good order. */
  giveBack(isolate: OrgIsolate): void {
    isolate.leaveClean();
    this.#busy = undefined;
  }

  /** Throws an isolate away. */
  recycle(isolate: OrgIsolate, reason: RecycleReason): void {
    this.#recycled[reason] = (this.#recycled[reason] ?? 0) + 1;
    if (this.#busy === isolate) this.#busy = undefined;
    if (isolate.orgId !== undefined && this.#byOrg.get(isolate.orgId) === isolate)
      this.#byOrg.delete(isolate.orgId);
    isolate.dispose();
  }

  /** Work for when nothing waits: makes one spare if one is missing, and gives up isolates under memory pressure. */
  tend(): "done" | "more" {
    if (process.memoryUsage.rss() > this.#options.pressureBytes) {
      this.#relieve();
      return "done";
    }
    if (this.#spareBytes === 0 || this.#spares.length >= this.#options.spares) return "done";
    this.#spares.push(this.#create(this.#spareBytes));
    return this.#spares.length < this.#options.spares ? "more" : "done";
  }

  forgetTemplate(fingerprint: string): void {
    this.#verdicts.delete(fingerprint);
    for (const isolate of this.#byOrg.values()) if (!isolate.disposed) isolate.forget(fingerprint);
  }

  states(): Record<string, number> {
    const busy = this.#busy === undefined ? 0 : 1;
    return { spare: this.#spares.length, busy, idle: Math.max(0, this.#byOrg.size - busy) };
  }

  recycled(): Readonly<Record<string, number>> {
    return { ...this.#recycled };
  }

  close(): void {
    for (const isolate of this.#byOrg.values()) this.recycle(isolate, "closed");
    for (const spare of this.#spares.splice(0)) spare.dispose();
  }

  /** Spares are made for the limit that was asked for last; one for another limit is of no use any more. */
  #takeSpare(memoryBytes: number): OrgIsolate | undefined {
    const spare = this.#spares.pop();
    if (spare === undefined || spare.memoryBytes === memoryBytes) return spare;
    spare.dispose();
    return undefined;
  }

  #enter(isolate: OrgIsolate): OrgIsolate {
    isolate.enter();
    this.#busy = isolate;
    return isolate;
  }

  #create(memoryBytes: number): OrgIsolate {
    const { snapshot, crossingEvents } = this.#options;
    return new OrgIsolate({ snapshot, memoryBytes, crossingEvents, verdicts: this.#verdicts });
  }

  /** Gives up the isolate that has been idle for longest. */
  #relieve(): void {
    const [oldest] = this.#byOrg.values();
    if (oldest !== undefined) this.recycle(oldest, "pressure");
  }

  #evict(): void {
    while (this.#byOrg.size > this.#options.ceiling) {
      const [oldest] = this.#byOrg.values();
      if (oldest === undefined) return;
      this.recycle(oldest, "evicted");
    }
  }
}
