import { writeFileSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { createFrameReader, frameHead, type Frame } from "../frame.ts";
import { openFinisherThread } from "./finisher-thread.ts";
import { createExecutorServer, type ExecutorServer } from "./serve.ts";

/** Descriptors that the supervisor opens for an executor process. */
const errorDescriptor = 2;
const framesDescriptor = 3;

/**
 * Heap of the lifeline's thread, megabytes. It protects the start of the process: what a thread reserves by default
 * does not fit beside an isolate's snapshot into the data segment that the kernel allows an executor.
 */
const lifelineLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 2 };

/**
 * An executor as a process of its own. Ctrl-C reaches the whole foreground group, so signals are ignored: the
 * supervisor ends an executor when it has drained, and the lifeline ends it when the supervisor is gone.
 */
function main(): void {
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => {});
  process.on("uncaughtException", endAtOnce);
  preferForOutOfMemory();
  const lifeline = new Worker(new URL("./lifeline.ts", import.meta.url), {
    execArgv: [],
    resourceLimits: lifelineLimits,
  });
  lifeline.unref();

  const socket = new Socket({ fd: framesDescriptor, readable: true, writable: true });
  const finisher = openFinisherThread(endAtOnce);
  const server = createExecutorServer(
    (kind, id, body) => {
      socket.cork();
      socket.write(frameHead(kind, id, body.length));
      if (body.length > 0) socket.write(body);
      socket.uncork();
    },
    (slots) => lifeline.postMessage(slots),
    finisher,
  );
  socket.on("data", createFrameReader(serveFrames(server)));
  socket.on("close", () => {
    lifeline.postMessage("close");
    void finisher.close().then(() => process.exit(0));
  });
  socket.on("error", () => process.exit(0));
}

/** Takes frames as they come and tends the pool once the loop has nothing else to do. */
function serveFrames(server: ExecutorServer): (frame: Frame) => void {
  let idle: NodeJS.Immediate | undefined;
  const rest = (): void => {
    idle = server.tend() === "more" ? setImmediate(rest) : undefined;
  };
  return (frame) => {
    server.take(frame);
    idle ??= setImmediate(rest);
  };
}

/** An orderly end would wait for the lifeline's thread, which waits for the supervisor, which waits for this end. */
function endAtOnce(cause: Error): void {
  writeSync(errorDescriptor, `${cause.stack}\n${cause.name}: ${cause.message}\n`);
  // The finisher's thread had no memory for what an event left: the supervisor must see what it sees when V8 has none.
  if ((cause as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY") process.abort();
  process.kill(process.pid, "SIGKILL");
}

/** When the machine runs out of memory, an executor is what it can best do without: its work is run again. */
function preferForOutOfMemory(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", "1000");
  } catch {
    // Other systems have no such file, and a sandboxed /proc may be read-only.
  }
}

main();
