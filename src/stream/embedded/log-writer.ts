import { MillraceError } from "../../model/error.ts";
import type { StartWriter, WriterLink } from "./writer-link.ts";
import type {
  HouseKeeping,
  PartitionRecords,
  WriteError,
  WriteOutcome,
  WriterReport,
  WriteRequest,
  WriteResult,
  WriteResults,
} from "./write-request.ts";

/**
 * Bytes of appended records that may wait to be written. It protects memory from producers that are faster than the
 * disk; raising it lets more of them wait, each for longer.
 */
const waitingLimitBytes = 64 * 2 ** 20;

export interface LogWriterOptions {
  readonly path: string;
  readonly houseKeeping: HouseKeeping;
  readonly start: StartWriter;
  /** After each answer: there may be new records. */
  readonly onWritten: () => void;
  /** Housekeeping failed; it is tried again. */
  readonly onFault: (error: MillraceError) => void;
}

interface Waiting {
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: MillraceError) => void;
  readonly bytes: number;
}

/**
 * All writing of one log goes through here to a thread, which is started with the first request and again after it has
 * ended by mishap. Requests are carried out in the order in which they were made.
 */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #waiting = new Map<number, Waiting>();
  #link: WriterLink | undefined;
  #waitingBytes = 0;
  #lastId = 0;
  #failure: WriteError | undefined;
  #closing: PromiseWithResolvers<void> | undefined;

  constructor(options: LogWriterOptions) {
    this.#options = options;
  }

  /**
   * Rejects with what the thread answers; with `LOG` when it ends before it has answered, and then nobody knows; and
   * with `LOG` at once where too much is waiting to append more.
   */
  request<K extends WriteRequest["kind"]>(
    request: Extract<WriteRequest, { readonly kind: K }>,
  ): Promise<WriteResults[K]> {
    const chunks: readonly PartitionRecords[] = "chunks" in request ? request.chunks : [];
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
    return new Promise<WriteResult>((resolve, reject) => {
      this.#admit(request.kind, bytes);
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject, bytes });
      this.#waitingBytes += bytes;
      this.#link ??= this.#start();
      const transfer = chunks.map((chunk) => chunk.bytes.buffer);
      this.#link.send({ id: this.#lastId, request }, transfer);
    }) as Promise<WriteResults[K]>;
  }

  /** Waits for what was asked before. */
  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#closing = Promise.withResolvers();
      if (this.#link === undefined) this.#closing.resolve();
      else this.#link.send("close", []);
    }
    return this.#closing.promise;
  }

  #admit(kind: WriteRequest["kind"], bytes: number): void {
    const { path } = this.#options;
    if (this.#closing !== undefined) throw new MillraceError("CLOSED", `log ${path} is closed`);
    if (kind === "append" && this.#waitingBytes > 0 && this.#waitingBytes + bytes > waitingLimitBytes) {
      throw new MillraceError("LOG", `log ${path}: more is waiting to be appended than the disk can take`);
    }
  }

  #start(): WriterLink {
    const { path, houseKeeping, start } = this.#options;
    this.#failure = undefined;
    return start(path, houseKeeping, {
      onReport: (report) => this.#onReport(report),
      onExit: (detail) => this.#onExit(detail),
    });
  }

  #onReport(report: WriterReport): void {
    switch (report.kind) {
      case "replies":
        this.#settle(report.replies);
        return;
      case "fault":
        this.#options.onFault(new MillraceError(report.error.code, report.error.message));
        return;
      case "failed":
        this.#failure = report.error;
        return;
    }
  }

  #onExit(detail: string): void {
    this.#link = undefined;
    const error = this.#failure ?? {
      code: "LOG",
      message: `log ${this.#options.path}: the writer ended before it answered (${detail})`,
    };
    this.#settle([...this.#waiting.keys()].map((id) => [id, { error }]));
    this.#closing?.resolve();
  }

  #settle(replies: readonly (readonly [id: number, WriteOutcome])[]): void {
    const settled = replies.map(([id, outcome]) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      this.#waitingBytes -= waiting?.bytes ?? 0;
      return { waiting, outcome };
    });
    // A port hands over up to 1,000 messages in one turn of the event loop, new ones too: what callers do with their
    // answers would keep timers and sockets waiting for all of it.
    setImmediate(() => {
      for (const { waiting, outcome } of settled) {
        if ("result" in outcome) waiting?.resolve(outcome.result);
        else waiting?.reject(new MillraceError(outcome.error.code, outcome.error.message));
      }
      this.#options.onWritten();
    });
  }
}
