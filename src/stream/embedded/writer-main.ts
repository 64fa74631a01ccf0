import { statSync } from "node:fs";
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from "node:worker_threads";
import { openCheckpoints, type Checkpoints } from "./checkpoints.ts";
import { openDatabase } from "./database.ts";
import { openGroupCommit } from "./group-commit.ts";
import { openRetention } from "./retention.ts";
import { faultOf } from "./sqlite-fault.ts";
import type {
  HouseKeeping,
  WriteOutcome,
  WriterMessage,
  WriterReport,
  WriteRequest,
} from "./write-request.ts";

/**
 * Bytes of records at which a transaction is full, so that the first caller in it does not wait for all that came
 * after. Larger ones save `fsync`s under load and make each caller wait longer.
 */
const groupLimitBytes = 8 * 2 ** 20;

interface WriterData extends HouseKeeping {
  readonly path: string;
}

/** The thread that writes: it takes all that is waiting, writes it in one transaction, and answers. */
function serve(port: MessagePort, { path, retentionIntervalMs, walLimitBytes }: WriterData): void {
  const db = openDatabase(path);
  // Writers wait for each other in `beginImmediate`.
  db.exec("PRAGMA busy_timeout = 0");
  const file = statSync(path);
  const writeGroup = openGroupCommit(db, path);
  const checkpoints = openCheckpoints(db, path, walLimitBytes);
  const onItsOwn = (work: () => void): void => reportFault(port, path, work);
  const retention = repeat(expiring(openRetention(db), checkpoints, onItsOwn), retentionIntervalMs);

  port.on("message", (first: WriterMessage) => {
    const { ids, requests, bytes, closing } = takeWaiting(port, first);
    if (requests.length > 0) {
      const outcomes = isStill(path, file)
        ? writeGroup(requests)
        : requests.map(() => ({ error: movedAway(path) }));
      const replies = outcomes.map((outcome, index) => [ids[index] ?? 0, outcome] as const);
      port.postMessage({ kind: "replies", replies } satisfies WriterReport);
      // After the answers: nobody waits for a checkpoint.
      onItsOwn(() => {
        if (outcomes.some(hasFailed)) checkpoints.afterFailure();
        else checkpoints.afterWriting(bytes);
      });
    }
    if (closing === "no") return;
    retention.stop();
    onItsOwn(() => db.close());
    port.close();
  });
}

/** One step of retention, and the checkpoint that it asks for. */
function expiring(
  step: ReturnType<typeof openRetention>,
  checkpoints: Checkpoints,
  onItsOwn: (work: () => void) => void,
): () => "more" | "done" {
  return () => {
    let due: "more" | "done" = "done";
    onItsOwn(() => {
      try {
        due = step(Date.now());
      } catch (error) {
        checkpoints.afterFailure();
        throw error;
      }
      if (due === "more") checkpoints.afterWriting(groupLimitBytes);
    });
    return due;
  };
}

/** Does `step` again after the interval, or after what has arrived meanwhile where it says that more is due. */
function repeat(step: () => "more" | "done", intervalMs: number): { readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const schedule = (delayMs: number): void => {
    timer = setTimeout(() => schedule(step() === "more" ? 0 : intervalMs), delayMs);
  };
  schedule(intervalMs);
  return { stop: () => clearTimeout(timer) };
}

/** Does what nobody has asked for; whoever started the thread hears how it failed. */
function reportFault(port: MessagePort, path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, message } = faultOf(error, path);
    port.postMessage({ kind: "fault", error: { code, message } } satisfies WriterReport);
  }
}

/** Whether the file failed, and with it the whole group. */
function hasFailed(outcome: WriteOutcome): boolean {
  return "error" in outcome && outcome.error.code === "LOG";
}

function takeWaiting(
  port: MessagePort,
  first: WriterMessage,
): {
  readonly ids: readonly number[];
  readonly requests: readonly WriteRequest[];
  readonly bytes: number;
  readonly closing: "yes" | "no";
} {
  const ids: number[] = [];
  const requests: WriteRequest[] = [];
  let bytes = 0;
  for (let next: WriterMessage | undefined = first; next !== undefined;) {
    if (next === "close") return { ids, requests, bytes, closing: "yes" };
    ids.push(next.id);
    requests.push(next.request);
    if ("chunks" in next.request) {
      for (const chunk of next.request.chunks) bytes += chunk.bytes.length;
    }
    if (bytes >= groupLimitBytes) break;
    next = receiveMessageOnPort(port)?.message as WriterMessage | undefined;
  }
  return { ids, requests, bytes, closing: "no" };
}

/** Someone may delete or replace the file; what is written after that would be lost with the last descriptor of it. */
function isStill(path: string, opened: { readonly ino: number; readonly dev: number }): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now?.ino === opened.ino && now.dev === opened.dev;
}

function movedAway(path: string): { readonly code: "LOG_UNUSABLE"; readonly message: string } {
  return {
    code: "LOG_UNUSABLE",
    message: `log ${path}: the file was deleted or replaced while in use; restart`,
  };
}

if (parentPort !== null) {
  const data = workerData as WriterData;
  try {
    serve(parentPort, data);
  } catch (error) {
    const { code, message } = faultOf(error, data.path);
    parentPort.postMessage({ kind: "failed", error: { code, message } } satisfies WriterReport);
    parentPort.close();
  }
}
