import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { runWorker } from "./run-worker.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-port.ts";

/** A worker's thread: a consumer, its lanes and executors of their own. Workers share nothing but the log. */
async function main(port: MessagePort, start: WorkerStart): Promise<void> {
  const post = (message: FromWorker): void => port.postMessage(message);
  const worker = await runWorker(start, (notice) => post({ kind: "notice", notice }));
  port.on("message", (message: ToWorker) => {
    switch (message.kind) {
      case "catalog":
        return worker.useCatalog(message.orgs);
      case "stats":
        return void worker.stats().then((stats) => post({ kind: "stats", id: message.id, stats }));
      case "close":
        return void worker.close().then(() => port.close());
    }
  });
  post({ kind: "ready" });
}

if (parentPort !== null) await main(parentPort, workerData as WorkerStart);
