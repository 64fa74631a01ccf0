import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { MillraceError } from "../model/error.ts";
import type { ExecutorLink, LinkListener } from "./executor-link.ts";

type Message =
  | { readonly mark: SharedArrayBuffer }
  | { readonly kind: number; readonly id: number; readonly body: Uint8Array };

/** Longest wait for a thread to finish the crossing that it is in and to end by itself, milliseconds. */
const endWaitMs = 2_000;

/**
 * Starts an executor as a thread. The supervisor's process must run with `--no-node-snapshot`. Throws `EXECUTOR` where
 * the process is not in UTC and en-US: a thread has no zone and locale of its own, and scripts would see the process's.
 */
export function openExecutorThread(listener: LinkListener): ExecutorLink {
  const { timeZone, locale } = new Intl.DateTimeFormat().resolvedOptions();
  if (timeZone !== "UTC" || locale !== "en-US") {
    throw new MillraceError(
      "EXECUTOR",
      `executors that are threads need a process in UTC and en-US, and this one is in ${timeZone} and ${locale}: ` +
        "start it with TZ=UTC LC_ALL=en_US.UTF-8, or set sandbox.isolation to process",
    );
  }
  const worker = new Worker(new URL("./executor/thread-main.ts", import.meta.url), {
    env: { TZ: "UTC", LC_ALL: "en_US.UTF-8" },
  });
  let mark: Int32Array | undefined;
  let lastWord = "";
  let closed = false;
  worker.on("message", (message: Message) => {
    if ("mark" in message) {
      mark = new Int32Array(message.mark);
      return;
    }
    const { buffer, byteOffset, byteLength } = message.body;
    listener.onFrame({
      kind: message.kind,
      id: message.id,
      body: Buffer.from(buffer, byteOffset, byteLength),
    });
  });
  worker.on("error", (cause) => {
    lastWord = cause instanceof Error ? cause.message : String(cause);
  });
  worker.on("exit", (code) => {
    closed = true;
    listener.onEnd({
      kind: "gone",
      detail: `thread ended with ${code}${lastWord === "" ? "" : `: ${lastWord}`}`,
    });
  });
  return {
    pid: null,
    send: (kind, id, body) => worker.postMessage({ kind, id, body }),
    readMark: () =>
      Promise.resolve(mark === undefined ? undefined : { event: mark[0] ?? 0, stage: mark[1] ?? 0 }),
    cpuMs: () => undefined,
    processCpuMs: () => undefined,
    residentBytes: () => 0,
    kill: () => void worker.terminate(),
    end: async () => {
      if (closed) return;
      // One that is terminated while isolates live may take the process with it, so that it first gets the time to end.
      const exited = once(worker, "exit");
      worker.postMessage("close");
      const timer = setTimeout(() => void worker.terminate(), endWaitMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
