import { setTimeout as wait } from "node:timers/promises";
import type { EventFault } from "../model/script-fault.ts";
import type { CrossingAnswer } from "./executor.ts";
import type { RunnableTemplate, SandboxEvent, SandboxResult } from "./port.ts";
import type { CrossingEnd } from "./results-frame.ts";

/** Runs one event in a crossing of its own, on an executor that takes nothing else meanwhile. */
export type RunOne = (
  template: RunnableTemplate,
  mode: "single" | "alone",
  event: SandboxEvent,
) => Promise<CrossingAnswer>;

/** Failures by CPU or memory, each with the event alone, after which the event is rejected. */
const failuresToConvict = 2;
/** Failures for no reason that can be told, each with the event alone, after which it is rejected. */
const failuresToGiveUp = 3;

/** How often the event has failed so far, and where it was last seen. */
interface Suspicion {
  timeouts: number;
  memories: number;
  failures: number;
  stage: string;
}

/**
 * Finds out what becomes of one event that was in flight when something failed: its outcome if it has one, `timeout`
 * or `memory` only if it fails so alone twice, `internal` if its executor ends or fails three times with it alone.
 *
 * @param found called when the event itself, and not its company, was the trouble
 */
export async function judge(
  template: RunnableTemplate,
  event: SandboxEvent,
  runOne: RunOne,
  found: () => void,
): Promise<SandboxResult> {
  const suspicion: Suspicion = { timeouts: 0, memories: 0, failures: 0, stage: "decode" };
  let mode: "single" | "alone" = "single";
  for (;;) {
    const answer = await runOne(template, mode, event);
    if (answer.kind === "answered") {
      const { end, results } = answer.results;
      if (end.kind === "done" && results[0] !== undefined) return results[0];
      if (end.kind === "broken") return { kind: "fault", fault: end.fault };
      if (end.kind === "stopped") noteStop(suspicion, end, mode);
    } else {
      noteDeath(suspicion, answer, mode);
    }
    const verdict = readVerdict(suspicion, template);
    if (verdict !== undefined) {
      found();
      return { kind: "fault", fault: verdict };
    }
    if (
      answer.kind === "answered" &&
      answer.results.end.kind === "stopped" &&
      answer.results.end.reason === "starved"
    )
      await wait(50);
    mode = "alone";
  }
}

function noteStop(
  suspicion: Suspicion,
  end: Extract<CrossingEnd, { kind: "stopped" }>,
  mode: "single" | "alone",
): void {
  if (end.stage !== "none") suspicion.stage = end.stage;
  switch (end.reason) {
    case "timeout":
      suspicion.timeouts += 1;
      return;
    case "memory":
      // What a neighbour left in the isolate may have used up the room; only a new one tells.
      if (mode === "alone") suspicion.memories += 1;
      return;
    case "failed":
      if (mode === "alone") suspicion.failures += 1;
      return;
    case "starved":
      return;
  }
}

function noteDeath(
  suspicion: Suspicion,
  answer: Extract<CrossingAnswer, { kind: "died" }>,
  mode: "single" | "alone",
): void {
  const { death } = answer;
  if (!death.started) return;
  const stage = ["none", "decode", "validate", "transform", "output", "load"][death.mark?.stage ?? 0];
  if (stage !== undefined && stage !== "none" && stage !== "load") suspicion.stage = stage;
  switch (death.reason) {
    case "deadline":
      suspicion.timeouts += 1;
      return;
    case "memory":
    case "crash":
      // V8 ends a process that it cannot find memory for; in the isolates here nothing else ends one.
      if (mode === "alone") suspicion.memories += 1;
      return;
    case "gone":
      if (mode === "alone") suspicion.failures += 1;
      return;
    case "frozen":
    case "closed":
      return;
  }
}

function readVerdict(suspicion: Suspicion, template: RunnableTemplate): EventFault | undefined {
  const stage = suspicion.stage as EventFault["stage"];
  const { stageCpuMs, memoryBytes } = template.limits;
  if (suspicion.timeouts >= failuresToConvict) {
    return {
      stage,
      type: "timeout",
      code: "CPU_LIMIT",
      message: `${stage} used more than ${stageCpuMs} ms of CPU time`,
    };
  }
  if (suspicion.memories >= failuresToConvict) {
    const limitMb = Math.round(memoryBytes / 2 ** 20);
    return {
      stage,
      type: "memory",
      code: "MEMORY_LIMIT",
      message: `${stage} needed more than ${limitMb} MB of memory`,
    };
  }
  if (suspicion.failures >= failuresToGiveUp) {
    const message = `the executor ended or failed ${suspicion.failures} times with this event alone in it`;
    return { stage, type: "internal", code: "INTERNAL", message };
  }
  return undefined;
}
