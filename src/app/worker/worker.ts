import { Worker as Thread } from "node:worker_threads";
import { MillraceError } from "../../model/error.ts";
import type { CatalogOrgs } from "../../catalog/catalog-view.ts";
import type { FromWorker, ToWorker, WorkerNotice, WorkerStart, WorkerStats } from "./worker-port.ts";

export interface WorkerListener {
  readonly onNotice: (notice: WorkerNotice) => void;
  /** The thread has ended without being asked to. */
  readonly onEnd: (error: MillraceError) => void;
}

/** Longest wait for a worker's own statistics, milliseconds: one that answers late is left out. */
const statsWaitMs = 2_000;

/** A worker's thread as the supervisor holds it, from its start to its end. */
export class Worker {
  readonly #thread: Thread;
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  readonly #asked = new Map<number, (stats: WorkerStats | undefined) => void>();
  #nextId = 1;
  #state: "starting" | "running" | "closing" | "ended" = "starting";
  #lastWord: unknown;

  constructor(start: WorkerStart, listener: WorkerListener) {
    this.#thread = new Thread(new URL("./worker-main.ts", import.meta.url), {
      name: "millrace-worker",
      workerData: start,
    });
    this.#thread.on("message", (message: FromWorker) => this.#take(message, listener));
    this.#thread.on("error", (error) => {
      this.#lastWord = error;
    });
    this.#thread.on("exit", (code) => this.#ended(code, listener));
    this.#ready.promise.catch(() => {});
  }

  /** Resolves once it has joined the group; rejects with what kept it from that. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  useCatalog(orgs: CatalogOrgs): void {
    this.#post({ kind: "catalog", orgs });
  }

  /** `undefined` where the worker does not answer. */
  stats(): Promise<WorkerStats | undefined> {
    if (this.#state !== "running") return Promise.resolve(undefined);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer(undefined), statsWaitMs);
      const answer = (stats: WorkerStats | undefined): void => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(stats);
      };
      this.#asked.set(id, answer);
      this.#post({ kind: "stats", id });
    });
  }

  /** Lets it commit what it has begun, and end. */
  async close(): Promise<void> {
    if (this.#state !== "ended") {
      this.#state = "closing";
      this.#post({ kind: "close" });
    }
    await this.#exited.promise;
  }

  /** Ends it at once, whatever it is doing. */
  async terminate(): Promise<void> {
    await this.#thread.terminate();
  }

  #post(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  #take(message: FromWorker, { onNotice }: WorkerListener): void {
    switch (message.kind) {
      case "ready":
        if (this.#state === "starting") this.#state = "running";
        return this.#ready.resolve();
      case "stats":
        return this.#asked.get(message.id)?.(message.stats);
      case "notice":
        return onNotice(message.notice);
    }
  }

  #ended(code: number, { onEnd }: WorkerListener): void {
    const before = this.#state;
    this.#state = "ended";
    const error = workerError(this.#lastWord, code);
    this.#ready.reject(error);
    for (const answer of this.#asked.values()) answer(undefined);
    this.#exited.resolve();
    if (before !== "closing") onEnd(error);
  }
}

/** What the thread threw, with its code where it has one: an error loses its class on the way out of a thread. */
function workerError(lastWord: unknown, code: number): MillraceError {
  const { code: errorCode, message } = (lastWord ?? {}) as { code?: unknown; message?: unknown };
  const text = typeof message === "string" ? message : `a worker's thread ended with ${code}`;
  return new MillraceError(MillraceError.isCode(errorCode) ? errorCode : "WORKER", text, { cause: lastWord });
}
