import { isUtf8 } from "node:buffer";
import ivm from "isolated-vm";
import {
  eventStride,
  eventWords,
  payloadsOffset,
  splitRequest,
  wordsOffset,
  type CrossingRequest,
} from "../crossing-frame.ts";
import type { RunnableTemplate } from "../port.ts";
import type { CrossingTexts } from "../guest/crossing.ts";
import { markWords, slotOf, slotWords, stageMarks } from "../guest/slots.ts";
import type { CrossingEnd } from "../results-frame.ts";
import { cutRemains, takeRemains, type CrossingRemains } from "./crossing-remains.ts";
import type { GuestContext } from "./guest-context.ts";
import type { OrgIsolate, Resident } from "./org-isolate.ts";
import { stopReason } from "./stopped-call.ts";

/** What a crossing gave before it ended. */
export interface CrossingRun {
  readonly end: CrossingEnd;
  /** What the guest left of the events that have a result, in their order. */
  readonly remains: readonly CrossingRemains[];
}

/**
 * Wall time that a whole crossing may take beyond one stage's CPU limit, milliseconds. A crossing is cut to take some
 * ten milliseconds; the slack keeps a busy machine from making suspects of innocent events.
 */
const crossingSlackMs = 150;

/** How a crossing in one context ended; `doubtfulAt` is the first event that only a fresh realm can tell of. */
interface ContextRun extends CrossingRun {
  readonly doubtfulAt?: number;
}

/** Runs all events of a crossing in the template's sealed context, in one call; the doubtful ones in fresh realms. */
export function runGroup(
  isolate: OrgIsolate,
  template: RunnableTemplate,
  resident: Resident,
  request: CrossingRequest,
): CrossingRun {
  if (resident.realm === "fresh") return runFresh(isolate, template, resident, splitRequest(request));
  const run = callRunAll(isolate, template, isolate.sealedContext(template, resident), request);
  if (run.doubtfulAt === undefined) return run;
  isolate.doubt(resident);
  const rest = runFresh(isolate, template, resident, splitRequest(request).slice(run.doubtfulAt));
  return joinRuns(run.remains, rest);
}

/** What came before, and a run that went on from there. */
function joinRuns(before: readonly CrossingRemains[], { end, remains }: CrossingRun): CrossingRun {
  const joined = [...before, ...remains];
  if (end.kind !== "stopped") return { end, remains: joined };
  return { end: { ...end, index: eventsIn(before) + end.index }, remains: joined };
}

/** Events of which something remains. */
export function eventsIn(remains: readonly CrossingRemains[]): number {
  return remains.reduce((events, { finished }) => events + finished, 0);
}

function callRunAll(
  isolate: OrgIsolate,
  template: RunnableTemplate,
  context: GuestContext,
  request: CrossingRequest,
): ContextRun {
  const { stageCpuMs } = template.limits;
  const timeout = stageCpuMs + crossingSlackMs;
  const cpuBefore = process.threadCpuUsage();
  let text: string;
  try {
    [text] = context.runAll.applySync(undefined, crossingArguments(request), {
      timeout,
      result: { copy: true },
    });
  } catch (thrown) {
    const reason = stopReason(thrown, isolate.disposed);
    if (reason === undefined) throw thrown;
    return stoppedRun(isolate, request, context, reason);
  }
  const finished = Math.min(isolate.mark[markWords.event] ?? 0, request.count);
  const remains = takeRemains(isolate.mark, request, finished, text);
  const suspect = cpuMsSince(cpuBefore) <= stageCpuMs ? -1 : overlong(isolate.mark, finished, stageCpuMs);
  if (suspect >= 0) {
    const end: CrossingEnd = { kind: "stopped", reason: "timeout", index: suspect, stage: "none" };
    return { end, remains: [cutRemains(remains, suspect)] };
  }
  const end: CrossingEnd = { kind: "done" };
  return finished === request.count
    ? { end, remains: [remains] }
    : { end, remains: [remains], doubtfulAt: finished };
}

/** Results before the mark stand if they can still be read out. */
function stoppedRun(
  isolate: OrgIsolate,
  request: CrossingRequest,
  context: GuestContext,
  reason: "timeout" | "memory" | "starved",
): CrossingRun {
  const index = Math.min(isolate.mark[markWords.event] ?? 0, request.count - 1);
  const stage = stageMarks[isolate.mark[markWords.stage] ?? 0] ?? "none";
  const end: CrossingEnd = { kind: "stopped", reason, index, stage };
  if (isolate.disposed) return { end: { ...end, index: 0 }, remains: [] };
  try {
    const text = context.drain.applySync(undefined, [], { timeout: 50 });
    return { end, remains: [takeRemains(isolate.mark, request, index, text)] };
  } catch {
    return { end: { ...end, index: 0 }, remains: [] };
  }
}

/** Runs each event in a context of its own. */
function runFresh(
  isolate: OrgIsolate,
  template: RunnableTemplate,
  resident: Resident,
  events: readonly CrossingRequest[],
): CrossingRun {
  const remains: CrossingRemains[] = [];
  for (const event of events) {
    const context = isolate.freshContext(template, resident);
    const run = callRunAll(isolate, template, context, event);
    if (run.end.kind !== "done") return joinRuns(remains, run);
    remains.push(...run.remains);
    context.release();
  }
  return { end: { kind: "done" }, remains };
}

/** Told of each stage of a lone event before it begins: a crash leaves nobody who could be asked. */
export type NoteStage = (stage: number) => void;

interface StepOptions {
  /** Wall time that a stage gets, in times its CPU limit. */
  readonly wallFactor: number;
  readonly noteStage: NoteStage;
}

/**
 * Runs the one event of a crossing with a call for each stage, so that each stage's CPU time is known. The wall may
 * stop a stage before its CPU is used up when the machine is busy; then the event is tried again with more wall time.
 */
export function runSingle(
  isolate: OrgIsolate,
  template: RunnableTemplate,
  resident: Resident,
  request: CrossingRequest,
  noteStage: NoteStage,
): CrossingRun {
  for (let wallFactor = 2; ; wallFactor *= 2) {
    const context = isolate.freshOrSealed(template, resident);
    const run = runSteps(isolate, template, context, request, { wallFactor, noteStage });
    if (run.doubtfulAt !== undefined) {
      isolate.doubt(resident);
      return runFreshSteps(isolate, template, resident, request, noteStage);
    }
    const starved = run.end.kind === "stopped" && run.end.reason === "starved";
    if (!starved || isolate.disposed || wallFactor >= mostWall) return run;
    isolate.forgetContext(resident);
  }
}

/** Wall time that one stage gets at most, in times its CPU limit; on a busier machine the event is asked for again. */
const mostWall = 64;

function runFreshSteps(
  isolate: OrgIsolate,
  template: RunnableTemplate,
  resident: Resident,
  request: CrossingRequest,
  noteStage: NoteStage,
): CrossingRun {
  const context = isolate.freshContext(template, resident);
  const run = runSteps(isolate, template, context, request, { wallFactor: mostWall, noteStage });
  if (!isolate.disposed) context.release();
  return run;
}

const steps = ["start", "decode", "validate", "transform", "leave"] as const;
type Step = (typeof steps)[number];
/** Setting the event up and taking its result out belong to the stages beside them. */
const stageOfStep = {
  start: "decode",
  decode: "decode",
  validate: "validate",
  transform: "transform",
  leave: "output",
} as const satisfies Record<Step, (typeof stageMarks)[number]>;

function runSteps(
  isolate: OrgIsolate,
  template: RunnableTemplate,
  context: GuestContext,
  request: CrossingRequest,
  { wallFactor, noteStage }: StepOptions,
): ContextRun {
  const { stageCpuMs } = template.limits;
  const timeout = stageCpuMs * wallFactor;
  let stageMs = 0;
  const stopped = (reason: "timeout" | "memory" | "starved", step: Step): CrossingRun => ({
    end: {
      kind: "stopped",
      reason,
      index: 0,
      stage: stageOfStep[step],
    },
    remains: [],
  });
  context.take.applySync(undefined, crossingArguments(request), { timeout });
  let more = true;
  for (const step of steps) {
    if (!more && step !== "leave") continue;
    noteStage(stageMarks.indexOf(stageOfStep[step]));
    const before = process.threadCpuUsage();
    try {
      more = context.step.applySync(undefined, [step], { timeout });
    } catch (thrown) {
      const reason = stopReason(thrown, isolate.disposed);
      if (reason === undefined) throw thrown;
      if (reason === "timeout" && cpuMsSince(before) < stageCpuMs) return stopped("starved", step);
      return stopped(reason, step);
    }
    // Setting the event up and taking its result out belong to the stages beside them.
    stageMs = step === "decode" || step === "leave" ? stageMs + cpuMsSince(before) : cpuMsSince(before);
    if (stageMs > stageCpuMs) return stopped("timeout", step);
  }
  if (!more) return { end: { kind: "done" }, remains: [], doubtfulAt: 0 };
  const text = context.drain.applySync(undefined, [], { timeout });
  return { end: { kind: "done" }, remains: [takeRemains(isolate.mark, request, 1, text)] };
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** First event of a crossing that the guest's clock shows over the limit; -1 where none is. */
function overlong(words: Int32Array, count: number, limitMs: number): number {
  for (let index = 0; index < count; index += 1) {
    if ((words[slotOf(index) + slotWords.elapsedMs] ?? 0) >= limitMs) return index;
  }
  return -1;
}

/**
 * Arguments for the guest, and results likewise: texts stand in an array that is copied, the block is moved. A text on
 * its own would become an external string, which V8 frees in a full collection only, and an isolate that is busy with
 * short-lived things hardly ever has one. JSON payloads become text here, by the engine's own decoder.
 */
function crossingArguments(
  request: CrossingRequest,
): [number, ivm.Copy<CrossingTexts>, ivm.Copy<ArrayBuffer>] {
  const block = request.takeBlock();
  const jsonText = extractJson(block, request.count);
  const moved = new ivm.ExternalCopy(block, { transferList: [block] }).copyInto({
    release: true,
    transferIn: true,
  });
  const texts = new ivm.ExternalCopy<CrossingTexts>([request.text, jsonText]).copyInto({ release: true });
  return [request.count, texts, moved];
}

/**
 * Decodes JSON payloads to text and leaves in the block each one's length in UTF-16 units; one that is not UTF-8 gets
 * the payload kind 2, which the guest rejects. Other payloads move together.
 */
function extractJson(block: ArrayBuffer, count: number): string {
  const words = new Int32Array(block, wordsOffset(count), count * eventStride);
  const payloads = Buffer.from(block, payloadsOffset(count));
  let text = "";
  let from = 0;
  let to = 0;
  for (let index = 0; index < count; index += 1) {
    const base = index * eventStride;
    const length = words[base + eventWords.payloadBytes] as number;
    if (words[base + eventWords.payloadKind] === 0) {
      if (from !== to) payloads.copyWithin(to, from, from + length);
      to += length;
    } else {
      const bytes = payloads.subarray(from, from + length);
      if (isUtf8(bytes)) {
        const decoded = bytes.toString("utf8");
        text += decoded;
        words[base + eventWords.payloadBytes] = decoded.length;
      } else {
        words[base + eventWords.payloadKind] = 2;
        words[base + eventWords.payloadBytes] = 0;
      }
    }
    from += length;
  }
  return text;
}
