import { MillraceError } from "../model/error.ts";
import { encodeCrossing, type CrossingMode } from "./crossing-frame.ts";
import type { ExecutorLink, GuestMark, LinkEnd, OpenLink } from "./executor-link.ts";
import { frameKinds, type Frame } from "./frame.ts";
import type { ExecutorHello, ExecutorStats } from "./hello.ts";
import type { RunnableTemplate, SandboxEvent } from "./port.ts";
import { decodeResults, type CrossingResults } from "./results-frame.ts";
import { createWatch, type KillReason, type Watch } from "./watchdog.ts";

/** Why an executor did not answer a crossing. Only `deadline`, `memory` and `crash` say anything about an event. */
export type DeathReason = KillReason | LinkEnd["kind"] | "closed";

export interface ExecutorDeath {
  readonly reason: DeathReason;
  readonly detail: string;
  /** Whether this crossing was the one that ran. */
  readonly started: boolean;
  /** Where its guest was, when that could still be asked. */
  readonly mark: GuestMark | undefined;
}

export type CrossingAnswer =
  | { readonly kind: "answered"; readonly results: CrossingResults }
  | { readonly kind: "died"; readonly death: ExecutorDeath };

interface Flight {
  readonly id: number;
  readonly events: number;
  readonly cpuDeadlineMs: number;
  readonly resolve: (answer: CrossingAnswer) => void;
}

/**
 * One executor from its start to its end. It is never restarted: who needs another opens another. Crossings are
 * answered in the order in which they were asked, so the oldest unanswered one is the one that runs.
 */
export class Executor {
  readonly #link: ExecutorLink;
  readonly #ready = Promise.withResolvers<void>();
  readonly #flights = new Map<number, Flight>();
  readonly #templates = new Map<string, number>();
  readonly #statsAsked = new Map<number, (stats: ExecutorStats) => void>();
  readonly #watch: Watch;
  readonly #onDeath: (reason: DeathReason) => void;
  #nextId = 1;
  #death: Omit<ExecutorDeath, "started"> | undefined;
  #killing: KillReason | undefined;
  #mark: GuestMark | undefined;
  #isReady = false;
  #closing = false;
  #answered = 0;

  constructor(
    open: OpenLink,
    hello: ExecutorHello,
    residentLimitBytes: number,
    onDeath: (reason: DeathReason) => void,
  ) {
    this.#onDeath = onDeath;
    this.#link = open({ onFrame: (frame) => this.#take(frame), onEnd: (end) => this.#ended(end) });
    this.#link.send(frameKinds.hello, 0, Buffer.from(JSON.stringify(hello), "utf8"));
    this.#watch = createWatch(this.#link, residentLimitBytes, (reason) => void this.#kill(reason));
    this.#ready.promise.catch(() => {});
  }

  get pid(): number | null {
    return this.#link.pid;
  }

  /** Events that were asked for and not yet answered. */
  get load(): number {
    let events = 0;
    for (const flight of this.#flights.values()) events += flight.events;
    return events;
  }

  get inFlight(): number {
    return this.#flights.size;
  }

  get dead(): boolean {
    return this.#death !== undefined || this.#killing !== undefined;
  }

  /** Crossings answered since the start. */
  get answered(): number {
    return this.#answered;
  }

  /** Resolves once it can take crossings; rejects with `EXECUTOR` if it ends before. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Asks for a crossing. Never rejects: an executor's end is an answer too. `cpuDeadlineMs` is for the watchdog. */
  run(
    template: RunnableTemplate,
    mode: CrossingMode,
    events: readonly SandboxEvent[],
    cpuDeadlineMs: number,
  ): Promise<CrossingAnswer> {
    const death = this.#death;
    if (death !== undefined) return Promise.resolve({ kind: "died", death: { ...death, started: false } });
    const number = this.#teach(template);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#flights.set(id, { id, events: events.length, cpuDeadlineMs, resolve });
      this.#link.send(frameKinds.run, id, encodeCrossing(mode, number, events));
      if (this.#flights.size === 1) this.#watchNext();
    });
  }

  stats(): Promise<ExecutorStats | undefined> {
    if (this.dead) return Promise.resolve(undefined);
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#statsAsked.set(id, resolve);
      this.#link.send(frameKinds.stats, id, Buffer.alloc(0));
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#watch.stop();
    await this.#link.end();
  }

  /** Sends a template before its first crossing; executors know templates by number. */
  #teach(template: RunnableTemplate): number {
    const known = this.#templates.get(template.fingerprint);
    if (known !== undefined) return known;
    const number = this.#nextId++;
    this.#templates.set(template.fingerprint, number);
    this.#link.send(frameKinds.template, number, Buffer.from(JSON.stringify(template), "utf8"));
    return number;
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case frameKinds.ready:
        this.#isReady = true;
        this.#watchNext();
        return this.#ready.resolve();
      case frameKinds.stage:
        this.#mark = { event: 0, stage: frame.body.readInt32LE(0) };
        return;
      case frameKinds.results: {
        const flight = this.#flights.get(frame.id);
        if (flight === undefined) return;
        // What cannot be read is no answer: the flight stays, and ends with the executor.
        const results = decodeResults(frame.body);
        this.#flights.delete(frame.id);
        this.#answered += 1;
        this.#mark = undefined;
        this.#watchNext();
        return flight.resolve({ kind: "answered", results });
      }
      case frameKinds.stats: {
        this.#statsAsked.get(frame.id)?.(JSON.parse(frame.body.toString("utf8")) as ExecutorStats);
        this.#statsAsked.delete(frame.id);
        return;
      }
      default:
        throw new MillraceError("WIRE", `an executor sent a frame of the unknown kind ${frame.kind}`);
    }
  }

  #watchNext(): void {
    const [next] = this.#flights.values();
    if (next === undefined) this.#watch.stop();
    // What starting costs is no crossing's doing.
    else this.#watch.start(this.#isReady ? next.cpuDeadlineMs : Number.POSITIVE_INFINITY);
  }

  async #kill(reason: KillReason): Promise<void> {
    if (this.dead) return;
    const asked = [...this.#flights.keys()][0];
    const mark = await this.#link.readMark();
    // The answer may have come while the mark was asked for: then there is nothing to kill for.
    if (reason !== "memory" && [...this.#flights.keys()][0] !== asked) return;
    this.#killing = reason;
    this.#mark = mark ?? this.#mark;
    this.#link.kill();
  }

  #ended(end: LinkEnd): void {
    this.#watch.stop();
    const reason: DeathReason = this.#closing ? "closed" : (this.#killing ?? end.kind);
    this.#death = { reason, detail: end.detail, mark: this.#mark };
    this.#ready.reject(
      new MillraceError("EXECUTOR", `an executor ended before it was ready (${end.detail})`),
    );
    // One that ended before it was ready has run nothing, whatever it was asked for.
    let started = this.#isReady;
    for (const flight of this.#flights.values()) {
      flight.resolve({ kind: "died", death: { ...this.#death, started } });
      started = false;
    }
    this.#flights.clear();
    for (const resolve of this.#statsAsked.values())
      resolve({ crossings: 0, events: 0, isolates: {}, recycled: {}, residentBytes: 0 });
    this.#statsAsked.clear();
    if (!this.#closing) this.#onDeath(reason);
  }
}
