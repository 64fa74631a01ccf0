import { parentPort, type MessagePort } from "node:worker_threads";
import { createExecutorServer } from "./serve.ts";

/** An executor as a thread of the supervisor's process: cheaper to cross, and no wall against a crash. */
function main(port: MessagePort): void {
  const server = createExecutorServer(
    (kind, id, body) => port.postMessage({ kind, id, body }),
    (mark) => port.postMessage({ mark }),
  );
  let idle: NodeJS.Immediate | undefined;
  port.on("message", (message: { kind: number; id: number; body: Uint8Array } | "close") => {
    if (message === "close") {
      clearImmediate(idle);
      server.close();
      port.close();
      return;
    }
    const { buffer, byteOffset, byteLength } = message.body;
    server.take({ kind: message.kind, id: message.id, body: Buffer.from(buffer, byteOffset, byteLength) });
    idle ??= setImmediate(() => {
      idle = undefined;
      server.tend();
    });
  });
}

if (parentPort !== null) main(parentPort);
