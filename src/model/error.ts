/** Whose doing a failure is: the script's or event's (it becomes a rejection), or ours (it is retried). */
export type Fault = "script" | "platform";

interface ErrorKind {
  readonly fault: Fault;
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean;
}

/**
 * Every code that a thrown error of Millrace can carry. Rejections have a table of their own
 * (`schemas/rejection.schema.json`): what a script does is a return value and is never thrown.
 */
const errorKinds = {
  /** Wrong flags or arguments on the command line. */
  USAGE: { fault: "platform", retryable: false },
  /** A configuration key or value that the schema refuses. */
  CONFIG: { fault: "platform", retryable: false },
  /** A catalog that cannot be read at all: a missing directory, an unreadable file. */
  CATALOG: { fault: "platform", retryable: false },
  /** A file that was named and cannot be opened. */
  INPUT: { fault: "platform", retryable: false },
  /** Where the output goes can take no more: a full disk, a closed device. */
  OUTPUT: { fault: "platform", retryable: true },
  /** An executor could not be started, or ended while it was needed. */
  EXECUTOR: { fault: "platform", retryable: true },
  /** A frame between a supervisor and an executor that does not follow the wire protocol. */
  WIRE: { fault: "platform", retryable: false },
  /**
   * The log could not do it now: the disk is full, the broker or another writer does not answer. Whether it was done
   * is unknown; what was acknowledged before stays.
   */
  LOG: { fault: "platform", retryable: true },
  /** The log cannot be opened or used as it is: a newer version's file, no permission, not a log at all. */
  LOG_UNUSABLE: { fault: "platform", retryable: false },
  /** What the log holds is damaged. Nothing is skipped: what reads it stops there. */
  LOG_CORRUPT: { fault: "platform", retryable: false },
  /** A topic or partition that is not there, or a topic that cannot be made as asked. */
  TOPIC: { fault: "platform", retryable: false },
  /** A record that is larger than its topic takes. */
  RECORD_TOO_LARGE: { fault: "platform", retryable: false },
  /** The partition is owned anew by someone, or its offset is not where the slice began. Nothing was changed. */
  FENCED: { fault: "platform", retryable: false },
  /** A worker's thread has ended. Another takes its place. */
  WORKER: { fault: "platform", retryable: true },
  /** Another process consumes for this group. */
  GROUP_HELD: { fault: "platform", retryable: true },
  /** Asked of something that is closed or closing. */
  CLOSED: { fault: "platform", retryable: false },
  /** A broken invariant of our own code. */
  INTERNAL: { fault: "platform", retryable: false },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** The one base of all errors that Millrace throws. The message is one line that says what, where and what to do. */
export class MillraceError extends Error {
  readonly code: ErrorCode;
  readonly fault: Fault;
  readonly retryable: boolean;

  /** Whether a text is one of the codes, as it comes from where an error was no object of this class any more. */
  static isCode(code: unknown): code is ErrorCode {
    return typeof code === "string" && Object.hasOwn(errorKinds, code);
  }

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "MillraceError";
    this.code = code;
    this.fault = errorKinds[code].fault;
    this.retryable = errorKinds[code].retryable;
  }
}
