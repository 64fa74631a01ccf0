import ivm from "isolated-vm";
import { MillraceError } from "../../model/error.ts";
import type { EventFault } from "../../model/script-fault.ts";
import { decodeCrossing, type CrossingRequest } from "../crossing-frame.ts";
import { frameKinds, type Frame } from "../frame.ts";
import type { ExecutorHello, ExecutorStats } from "../hello.ts";
import type { RunnableTemplate } from "../port.ts";
import { eventsIn, runGroup, runSingle, type CrossingRun, type NoteStage } from "./crossing-run.ts";
import { createFinisher, type Finisher, type Send } from "./finisher.ts";
import { SourceRefused } from "./guest-context.ts";
import { IsolatePool } from "./isolate-pool.ts";
import type { OrgIsolate } from "./org-isolate.ts";
import { stopReason } from "./stopped-call.ts";

/** Name of the guest's own script; its frames are never shown, so no author's file may have it. */
const guestFile = "millrace:guest";

/** Where the mark of the crossing that runs now can be read by another thread: one SharedArrayBuffer an isolate. */
export type PublishMark = (slots: SharedArrayBuffer) => void;

/** The inside of an executor, the same in a process and in a thread: takes frames, runs crossings one at a time. */
export interface ExecutorServer {
  take(frame: Frame): void;
  /** Work for idle moments; whether there is more. */
  tend(): "done" | "more";
  close(): void;
}

export function createExecutorServer(
  send: Send,
  publishMark: PublishMark,
  finisher: Finisher = createFinisher(send),
): ExecutorServer {
  const templates = new Map<number, RunnableTemplate>();
  let pool: IsolatePool | undefined;
  let published: SharedArrayBuffer | undefined;
  let crossings = 0;
  let events = 0;

  const open = (hello: ExecutorHello): void => {
    const snapshot = ivm.Isolate.createSnapshot([{ code: hello.guestBundle, filename: guestFile }]);
    pool = new IsolatePool({ ...hello.pool, snapshot, crossingEvents: hello.crossingEvents });
    send(frameKinds.ready, 0, Buffer.alloc(0));
  };

  const publish: PublishMark = (slots) => {
    if (slots === published) return;
    published = slots;
    publishMark(slots);
  };

  const run = (id: number, request: CrossingRequest): void => {
    const held = templates.get(request.templateNumber);
    if (held === undefined || pool === undefined)
      throw new Error(`a crossing names the unknown template ${request.templateNumber}`);
    const before = process.threadCpuUsage();
    const noteStage: NoteStage = (stage) => {
      // Only a verdict rests on it, and only in this mode is there one.
      if (request.mode === "alone") send(frameKinds.stage, id, Buffer.from(Int32Array.of(stage).buffer));
    };
    const { end, remains } = runInIsolate(pool, held, request, { publish, noteStage });
    const { user, system } = process.threadCpuUsage(before);
    crossings += 1;
    events += eventsIn(remains);
    finisher.finish({ id, templateNumber: request.templateNumber, end, cpuUs: user + system, remains });
  };

  const stats = (id: number): void => {
    const now: ExecutorStats = {
      crossings,
      events,
      isolates: pool?.states() ?? {},
      recycled: pool?.recycled() ?? {},
      residentBytes: process.memoryUsage.rss(),
    };
    send(frameKinds.stats, id, Buffer.from(JSON.stringify(now), "utf8"));
  };

  return {
    take: (frame) => {
      switch (frame.kind) {
        case frameKinds.hello:
          return open(JSON.parse(frame.body.toString("utf8")) as ExecutorHello);
        case frameKinds.template: {
          const template = JSON.parse(frame.body.toString("utf8")) as RunnableTemplate;
          templates.set(frame.id, template);
          return finisher.teach(frame.id, template);
        }
        case frameKinds.forget: {
          const held = templates.get(frame.id);
          if (held !== undefined) pool?.forgetTemplate(held.fingerprint);
          templates.delete(frame.id);
          return finisher.forget(frame.id);
        }
        case frameKinds.run:
          return run(frame.id, decodeCrossing(frame.body));
        case frameKinds.stats:
          return stats(frame.id);
        default:
          throw new MillraceError("WIRE", `an executor understands no frame of kind ${frame.kind}`);
      }
    },
    tend: () => pool?.tend() ?? "done",
    close: () => pool?.close(),
  };
}

/** Who is told where the guest is: by shared memory while it runs, by a frame before a stage of a lone event begins. */
interface Witnesses {
  readonly publish: PublishMark;
  readonly noteStage: NoteStage;
}

/** Runs a crossing in the isolate that its mode asks for, and decides what the isolate is good for afterwards. */
function runInIsolate(
  pool: IsolatePool,
  template: RunnableTemplate,
  request: CrossingRequest,
  { publish, noteStage }: Witnesses,
): CrossingRun {
  const { orgId, limits } = template;
  const alone = request.mode === "alone";
  const isolate = alone ? pool.takeFresh(orgId, limits.memoryBytes) : pool.take(orgId, limits.memoryBytes);
  publish(isolate.slots);
  const run = runCaught(isolate, template, request, noteStage);
  if (run.end.kind === "stopped") pool.recycle(isolate, run.end.reason === "memory" ? "memory" : "timeout");
  else if (alone) pool.recycle(isolate, "alone");
  else if (isolate.usedHeapBytes() > limits.memoryBytes) pool.recycle(isolate, "pressure");
  else pool.giveBack(isolate);
  return run;
}

function runCaught(
  isolate: OrgIsolate,
  template: RunnableTemplate,
  request: CrossingRequest,
  noteStage: NoteStage,
): CrossingRun {
  try {
    const resident = isolate.resident(template, template.limits.stageCpuMs);
    return request.mode === "group"
      ? runGroup(isolate, template, resident, request)
      : runSingle(isolate, template, resident, request, noteStage);
  } catch (thrown) {
    if (thrown instanceof SourceRefused)
      return { end: { kind: "broken", fault: refusedFault(thrown) }, remains: [] };
    const memory = stopReason(thrown, isolate.disposed) === "memory";
    // What is neither a stop of a stage nor a refusal is our own bug or a broken guest, and no CPU was measured.
    if (!memory)
      process.stderr.write(`millrace executor: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
    return {
      end: { kind: "stopped", reason: memory ? "memory" : "failed", index: 0, stage: "none" },
      remains: [],
    };
  }
}

function refusedFault(refused: SourceRefused): EventFault {
  const stage = "decode";
  return {
    stage,
    type: "syntax",
    code: "SYNTAX_ERROR",
    message: refused.message,
    location: { file: refused.file, line: 1, column: 1 },
  };
}
