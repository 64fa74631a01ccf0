import { catalogOrgs, type CatalogOrgs } from "../catalog/catalog-view.ts";
import type { Config } from "../config/config.ts";
import { createBackOff, type BackOff } from "../lane/back-off.ts";
import type { MillraceError } from "../model/error.ts";
import { Worker } from "./worker/worker.ts";
import type { WorkerNotice, WorkerStats } from "./worker/worker-port.ts";

/** The consumer group of all workers of a deployment. */
export const workerGroup = "millrace";

/** Waits before a worker that has ended is started again, milliseconds. */
const firstWaitMs = 100;
const longestWaitMs = 10_000;

export interface StationOptions {
  readonly config: Config;
  readonly orgs: CatalogOrgs;
  readonly debug: "off" | "on";
  readonly onNotice: (notice: WorkerNotice) => void;
}

/** One seat for a worker: it is filled again when its worker ends. */
interface Seat {
  readonly index: number;
  readonly backOff: BackOff;
  /** `new` until a worker has been at work on it: one that never was keeps the station from opening. */
  state: "new" | "taken";
  worker: Worker;
  timer: NodeJS.Timeout | undefined;
}

/**
 * All workers of this process and the care of them: started, given the catalog, asked how they do, started again when
 * they end, drained when the process is to end. No event passes through it.
 */
export class Station {
  readonly #options: StationOptions;
  readonly #seats: Seat[] = [];
  #orgs: CatalogOrgs;
  #closing: Promise<void> | undefined;

  private constructor(options: StationOptions) {
    this.#options = options;
    this.#orgs = catalogOrgs(options.orgs);
  }

  /** Starts the workers. Rejects with what keeps the first of them from working, `GROUP_HELD` for one. */
  static async open(options: StationOptions): Promise<Station> {
    const station = new Station(options);
    const count = options.config.workers;
    for (let index = 0; index < count; index += 1) station.#fill(index);
    try {
      await Promise.all(station.#seats.map(({ worker }) => worker.ready()));
    } catch (cause) {
      await station.close();
      throw cause;
    }
    return station;
  }

  /** Takes another catalog into use for all records that are fetched from now on. */
  useCatalog(orgs: CatalogOrgs): void {
    this.#orgs = catalogOrgs(orgs);
    for (const { worker } of this.#seats) worker.useCatalog(this.#orgs);
  }

  /** Of each worker that answers. */
  async stats(): Promise<WorkerStats[]> {
    const answers = await Promise.all(this.#seats.map(({ worker }) => worker.stats()));
    return answers.filter((stats) => stats !== undefined);
  }

  /** Why not all workers are at work, a line each; none where they are. */
  unready(): string[] {
    if (this.#closing !== undefined) return ["the workers are being drained"];
    return this.#seats.flatMap(({ index, worker }) =>
      worker.isRunning ? [] : [`worker ${index} is not at work`],
    );
  }

  /** Commits what has begun and ends all workers. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  #fill(index: number): void {
    const seat: Seat = {
      index,
      backOff: createBackOff(firstWaitMs, longestWaitMs),
      state: "new",
      worker: this.#start(index),
      timer: undefined,
    };
    this.#seats[index] = seat;
  }

  #start(index: number): Worker {
    const { config, debug, onNotice } = this.#options;
    const share = { index, of: config.workers };
    const worker = new Worker(
      { config, group: workerGroup, share, orgs: this.#orgs, debug },
      { onNotice, onEnd: (error) => this.#replace(index, error) },
    );
    worker.ready().then(
      () => this.#take(index),
      () => {},
    );
    return worker;
  }

  #take(index: number): void {
    const seat = this.#seats[index];
    if (seat === undefined) return;
    seat.state = "taken";
    seat.backOff.reset();
  }

  #replace(index: number, error: MillraceError): void {
    const seat = this.#seats[index];
    if (seat === undefined || seat.state === "new" || this.#closing !== undefined) return;
    const waitMs = seat.backOff.next();
    const text = `worker ${index} ended (${error.message}); another starts in ${waitMs} ms`;
    this.#options.onNotice({ level: "error", text });
    seat.timer = setTimeout(() => {
      seat.worker = this.#start(index);
    }, waitMs);
  }

  async #close(): Promise<void> {
    for (const { timer } of this.#seats) clearTimeout(timer);
    await Promise.all(this.#seats.map(({ worker }) => worker.close()));
  }
}
