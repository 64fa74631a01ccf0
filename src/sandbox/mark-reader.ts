import type { Duplex } from "node:stream";
import type { GuestMark } from "./executor-link.ts";

/** Longest wait for the answer of an executor's lifeline, milliseconds; the thread has nothing else to do. */
const markTimeoutMs = 100;
/** Two words of the mark and the question that they answer, Int32 each. */
export const markAnswerBytes = 12;

/**
 * Asks an executor's lifeline where the guest is; `undefined` when no answer comes in time. A question is one byte and
 * comes back with its answer, so that an answer which comes too late is not taken for that of a later question.
 */
export function createMarkReader(lifeline: Duplex): () => Promise<GuestMark | undefined> {
  let question = 0;
  let waiting: ((mark: GuestMark) => void) | undefined;
  let pending: Buffer = Buffer.alloc(0);
  lifeline.on("data", (bytes: Buffer) => {
    pending = Buffer.concat([pending, bytes]);
    for (; pending.length >= markAnswerBytes; pending = pending.subarray(markAnswerBytes)) {
      if (pending.readInt32LE(8) === question)
        waiting?.({ event: pending.readInt32LE(0), stage: pending.readInt32LE(4) });
    }
  });
  return () =>
    new Promise((resolve) => {
      question = (question + 1) % 256;
      const timer = setTimeout(() => done(undefined), markTimeoutMs);
      const done = (mark: GuestMark | undefined): void => {
        clearTimeout(timer);
        waiting = undefined;
        resolve(mark);
      };
      waiting = done;
      lifeline.write(Buffer.of(question));
    });
}
