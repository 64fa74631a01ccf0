import { MillraceError } from "../model/error.ts";
import type { CrossingMode } from "./crossing-frame.ts";
import { Executor, type CrossingAnswer, type DeathReason } from "./executor.ts";
import type { OpenLink } from "./executor-link.ts";
import type { ExecutorHello, ExecutorStats } from "./hello.ts";
import type { RunnableTemplate, SandboxEvent } from "./port.ts";
import { createTurnQueue, type TurnQueue } from "./turn-queue.ts";

export interface ExecutorSetOptions {
  readonly open: OpenLink;
  readonly hello: ExecutorHello;
  readonly size: number;
  /** Resident memory at which the watchdog ends an executor, bytes. */
  readonly residentLimitBytes: number;
}

/**
 * Crossings that an executor has at once: one is made into events by its finisher, one runs, and one waits in its
 * socket, so that neither thread idles between two. More would make a kill cost more neighbours their time.
 */
const crossingsAhead = 3;
/** Waits between starts of executors that end before they answer anything, milliseconds. */
const restartWaitsMs = [0, 50, 200, 1_000, 2_000];

/** A crossing that is asked for. */
export interface CrossingOrder {
  readonly template: RunnableTemplate;
  readonly mode: CrossingMode;
  readonly events: readonly SandboxEvent[];
  readonly cpuDeadlineMs: number;
  /** In whose name; lanes share the executors by CPU time. */
  readonly lane: string;
  /** What it will probably cost, microseconds of CPU; put right when it has run. */
  readonly expectedUs: number;
}

interface Waiting extends CrossingOrder {
  readonly resolve: (answer: CrossingAnswer) => void;
  readonly reject: (cause: unknown) => void;
}

/** A fixed number of executors for the same kind of work; one that ends is replaced at once. */
export class ExecutorSet {
  readonly #options: ExecutorSetOptions;
  readonly #executors: Executor[] = [];
  readonly #waiting: TurnQueue<Waiting> = createTurnQueue();
  /** Which executor last ran an org: its isolate, code and caches are there. */
  readonly #homes = new Map<string, Executor>();
  readonly #kills: Partial<Record<DeathReason, number>> = {};
  #barren = 0;
  #closed = false;

  constructor(options: ExecutorSetOptions) {
    this.#options = options;
    for (let index = 0; index < options.size; index += 1) this.#add();
  }

  /** Resolves when all executors take crossings; rejects with `EXECUTOR` when the first of them cannot start. */
  async ready(): Promise<void> {
    await Promise.all(this.#executors.map((executor) => executor.ready()));
  }

  /** Runs a crossing on the executor that will come to it first. Rejects only with `CLOSED`. */
  run(order: CrossingOrder): Promise<CrossingAnswer> {
    if (this.#closed) return Promise.reject(new MillraceError("CLOSED", "the sandbox is closed"));
    return new Promise((resolve, reject) => {
      this.#waiting.push(order.lane, { ...order, resolve, reject });
      this.#pump();
    });
  }

  get pids(): readonly (number | null)[] {
    return this.#executors.map((executor) => executor.pid);
  }

  kills(): Readonly<Record<string, number>> {
    return { ...this.#kills };
  }

  async stats(): Promise<
    readonly { readonly executor: Executor; readonly stats: ExecutorStats | undefined }[]
  > {
    return Promise.all(
      this.#executors.map(async (executor) => ({ executor, stats: await executor.stats() })),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.drain())
      waiting.reject(new MillraceError("CLOSED", "the sandbox was closed"));
    await Promise.all(this.#executors.map((executor) => executor.close()));
  }

  #add(): void {
    const executor = new Executor(
      this.#options.open,
      this.#options.hello,
      this.#options.residentLimitBytes,
      (reason) => {
        this.#replace(executor, reason);
      },
    );
    this.#executors.push(executor);
  }

  #replace(executor: Executor, reason: DeathReason): void {
    this.#kills[reason] = (this.#kills[reason] ?? 0) + 1;
    const at = this.#executors.indexOf(executor);
    if (at >= 0) this.#executors.splice(at, 1);
    for (const [orgId, home] of this.#homes) if (home === executor) this.#homes.delete(orgId);
    if (this.#closed) return;
    this.#barren = executor.answered === 0 ? this.#barren + 1 : 0;
    const waitMs = restartWaitsMs[Math.min(this.#barren, restartWaitsMs.length - 1)] ?? 0;
    setTimeout(() => {
      if (this.#closed) return;
      this.#add();
      this.#pump();
    }, waitMs);
  }

  #pump(): void {
    for (let next = this.#waiting.peek(); next !== undefined; next = this.#waiting.peek()) {
      const executor = this.#choose(next.template.orgId);
      if (executor === undefined) return;
      this.#waiting.take();
      this.#homes.set(next.template.orgId, executor);
      this.#dispatch(executor, next);
    }
  }

  #dispatch(executor: Executor, { template, mode, events, cpuDeadlineMs, ...order }: Waiting): void {
    this.#waiting.charge(order.lane, order.expectedUs);
    void executor.run(template, mode, events, cpuDeadlineMs).then((answer) => {
      if (answer.kind === "answered")
        this.#waiting.charge(order.lane, answer.results.cpuUs - order.expectedUs);
      order.resolve(answer);
      this.#pump();
    });
  }

  /** The org's home unless another has less to do; `undefined` while all are busy. */
  #choose(orgId: string): Executor | undefined {
    let best: Executor | undefined;
    for (const executor of this.#executors) {
      if (executor.dead || executor.inFlight >= crossingsAhead) continue;
      if (best === undefined || executor.inFlight < best.inFlight) best = executor;
    }
    const home = this.#homes.get(orgId);
    if (home !== undefined && best !== undefined && !home.dead && home.inFlight <= best.inFlight) return home;
    return best;
  }
}
