import { Socket } from "node:net";
import { parentPort, Worker, type MessagePort } from "node:worker_threads";
import { frameHead } from "../frame.ts";
import { createFinisher, type FinishedTemplate, type Finisher, type RunCrossing } from "./finisher.ts";

/** A socket to the supervisor that carries results and nothing else, so that this thread alone writes to it. */
const resultsDescriptor = 5;

/**
 * Heap of the finisher's thread, megabytes. The reservation must fit beside the isolates into the data segment that the
 * kernel allows an executor; the old generation has room for a crossing's results many times over.
 */
const threadLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 48, codeRangeSizeMb: 16 };

type Message =
  | { readonly kind: "teach"; readonly number: number; readonly template: FinishedTemplate }
  | { readonly kind: "forget"; readonly number: number }
  | { readonly kind: "finish"; readonly crossing: RunCrossing }
  | { readonly kind: "close" };

/** Starts the thread of an executor process that makes and answers. `onEnd` hears of its end, which nothing survives. */
export function openFinisherThread(onEnd: (cause: Error) => void): Finisher {
  const worker = new Worker(new URL(import.meta.url), {
    // What `top -H` shows; Linux keeps 15 characters of it.
    name: "millrace-finish",
    execArgv: [],
    resourceLimits: threadLimits,
  });
  worker.on("error", (cause) => onEnd(cause instanceof Error ? cause : new Error(String(cause))));
  const post = (message: Message): void => worker.postMessage(message);
  return {
    teach: (number, { orgId, templateId, templateVersion, eva, limits }) =>
      post({ kind: "teach", number, template: { orgId, templateId, templateVersion, eva, limits } }),
    forget: (number) => post({ kind: "forget", number }),
    finish: (crossing) => post({ kind: "finish", crossing }),
    close: () =>
      new Promise((resolve) => {
        worker.once("exit", () => resolve());
        post({ kind: "close" });
      }),
  };
}

function serve(port: MessagePort): void {
  const socket = new Socket({ fd: resultsDescriptor, readable: false, writable: true });
  // The supervisor is gone; the lifeline ends the process.
  socket.on("error", () => {});
  const finisher = createFinisher((kind, id, body) => {
    socket.cork();
    socket.write(frameHead(kind, id, body.length));
    socket.write(body);
    socket.uncork();
  });
  port.on("message", (message: Message) => {
    switch (message.kind) {
      case "teach":
        return finisher.teach(message.number, message.template);
      case "forget":
        return finisher.forget(message.number);
      case "finish":
        return finisher.finish(message.crossing);
      case "close":
        socket.end(() => port.close());
    }
  });
}

if (parentPort !== null) serve(parentPort);
