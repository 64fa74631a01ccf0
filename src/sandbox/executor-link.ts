import type { Frame, FrameKind } from "./frame.ts";

/** Where the guest of a busy executor is: the event's index in its crossing, and the stage's number. */
export interface GuestMark {
  readonly event: number;
  readonly stage: number;
}

/** How an executor ended without being asked to. */
export interface LinkEnd {
  /** `crash`: the engine gave up; `gone`: something else ended it. */
  readonly kind: "crash" | "gone";
  /** One line: exit code or signal, and the last line that it wrote. */
  readonly detail: string;
}

/** A started executor as its supervisor holds it, whether process or thread. */
export interface ExecutorLink {
  /** `null` for a thread. */
  readonly pid: number | null;
  send(kind: FrameKind, id: number, body: Buffer): void;
  /** Asks a thread of the executor that runs no guest code; `undefined` when no answer comes in time. */
  readMark(): Promise<GuestMark | undefined>;
  /** CPU time that the executor's main thread has used, milliseconds; `undefined` where the system does not tell. */
  cpuMs(): number | undefined;
  /** The same of all its threads together, to some ten milliseconds. */
  processCpuMs(): number | undefined;
  /** Resident memory, bytes; 0 where it cannot be told apart from the supervisor's own. */
  residentBytes(): number;
  kill(): void;
  /** Lets it end by itself once it has read all that was sent. */
  end(): Promise<void>;
}

export interface LinkListener {
  onFrame(frame: Frame): void;
  /** Called once, also after `kill` and `end`. */
  onEnd(end: LinkEnd): void;
}

export type OpenLink = (listener: LinkListener) => ExecutorLink;
