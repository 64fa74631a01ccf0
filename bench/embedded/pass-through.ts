import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Config } from "../../src/config/config.ts";

/** Starts the lanes that copy, in a thread of their own as a worker has it. */
export async function openPassThrough(config: Config): Promise<{ close(): Promise<void> }> {
  const thread = new Worker(new URL("./pass-through-main.ts", import.meta.url), {
    name: "millrace-worker",
    workerData: config,
  });
  await once(thread, "message");
  return {
    close: async () => {
      thread.postMessage("close");
      await once(thread, "exit");
    },
  };
}
