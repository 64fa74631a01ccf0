import { Worker } from "node:worker_threads";
import type { HouseKeeping, WriterMessage, WriterReport } from "./write-request.ts";

/** What a writer says to the one who started it. */
export interface WriterListener {
  onReport(report: WriterReport): void;
  /** It has ended and holds nothing any more; called once. */
  onExit(detail: string): void;
}

/** The thread that writes, seen from the thread that asks. */
export interface WriterLink {
  send(message: WriterMessage, transfer: readonly ArrayBuffer[]): void;
  /** Ends it where it stands; what it has not committed is rolled back. */
  terminate(): void;
}

export type StartWriter = (path: string, houseKeeping: HouseKeeping, listener: WriterListener) => WriterLink;

/** A thread of its own does all the writing, because each commit waits for the disk. */
export const startWriterThread: StartWriter = (path, houseKeeping, listener) => {
  const worker = new Worker(new URL("./writer-main.ts", import.meta.url), {
    name: "millrace-log",
    workerData: { path, ...houseKeeping },
  });
  let lastWord = "";
  worker.on("message", (report: WriterReport) => listener.onReport(report));
  worker.on("error", (cause) => {
    lastWord = `: ${cause instanceof Error ? cause.message : String(cause)}`;
  });
  worker.on("exit", (code) => listener.onExit(`its thread ended with ${code}${lastWord}`));
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => void worker.terminate(),
  };
};
