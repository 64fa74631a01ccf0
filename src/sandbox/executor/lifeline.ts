import { readSync, writeSync } from "node:fs";
import { receiveMessageOnPort, parentPort } from "node:worker_threads";

/** A socket pair to the supervisor that carries no work: only its end, and the question where the guest is. */
const lifelineDescriptor = 4;

/**
 * A thread of an executor that never runs guest code. It blocks on the lifeline: when the supervisor is gone, however
 * it went, the read ends and so does the process, even while a guest keeps the main thread busy. A byte from the
 * supervisor asks for the mark of the crossing that runs now; the answer is its two words and that byte. The main thread says when it
 * is about to end the process in good order, after its last answers.
 */
function main(): void {
  const question = Buffer.alloc(1);
  let mark: Int32Array = new Int32Array(2);
  let told: "run" | "close" = "run";
  for (;;) {
    const bytes = readOne(question);
    for (;;) {
      const received = parentPort === null ? undefined : receiveMessageOnPort(parentPort);
      if (received === undefined) break;
      const message = received.message as SharedArrayBuffer | "close";
      if (message === "close") told = message;
      else mark = new Int32Array(message);
    }
    if (bytes === 0) {
      if (told === "close") return;
      process.kill(process.pid, "SIGKILL");
    }
    const answer = Buffer.alloc(12);
    answer.writeInt32LE(mark[0] ?? 0, 0);
    answer.writeInt32LE(mark[1] ?? 0, 4);
    answer.writeInt32LE(question[0] ?? 0, 8);
    writeSync(lifelineDescriptor, answer);
  }
}

/** Bytes read: 1, or 0 at the end. The descriptor blocks on Linux; where it does not, this waits and looks again. */
function readOne(into: Buffer): number {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return readSync(lifelineDescriptor, into, 0, 1, null);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EAGAIN") return 0;
      Atomics.wait(never, 0, 0, 20);
    }
  }
}

main();
