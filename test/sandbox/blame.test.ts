import { beforeAll, describe, expect, test, vi } from "vitest";
import { judge } from "../../src/sandbox/blame.ts";
import type { CrossingAnswer, DeathReason } from "../../src/sandbox/executor.ts";
import type { RunnableTemplate, SandboxResult } from "../../src/sandbox/port.ts";
import type { CrossingEnd } from "../../src/sandbox/results-frame.ts";
import { eventOf, shows, templateOf } from "./small-template.ts";

// The verdict is a function of what executors answer; that real ones answer so is shown in test/faults.

type Stop = Extract<CrossingEnd, { kind: "stopped" }>;

const result: SandboxResult = { kind: "filtered" };
const event = eventOf(1, {});
let template: RunnableTemplate;
beforeAll(async () => {
  template = await templateOf(shows("p"), { limits: { stageCpuMs: 70, memoryBytes: 32 * 2 ** 20 } });
});

function answered(end: CrossingEnd, results: readonly SandboxResult[] = []): CrossingAnswer {
  return { kind: "answered", results: { end, cpuUs: 1, results } };
}

const done = answered({ kind: "done" }, [result]);

function stopped(reason: Stop["reason"], stage = "transform"): CrossingAnswer {
  return answered({ kind: "stopped", reason, index: 0, stage });
}

/** `stage` is the number that the guest's mark holds. */
function died(reason: DeathReason, { stage = 2, started = true } = {}): CrossingAnswer {
  return { kind: "died", death: { reason, detail: "", started, mark: { event: 0, stage } } };
}

/** Judges an event whose crossings are answered so, one after the other. */
async function judged(answers: readonly CrossingAnswer[]): Promise<{
  readonly result: SandboxResult;
  readonly modes: readonly string[];
  readonly found: number;
}> {
  const modes: string[] = [];
  const found = vi.fn<() => void>();
  const given = await judge(
    template,
    event,
    (_template, mode) => {
      const answer = answers[modes.length];
      modes.push(mode);
      if (answer === undefined) throw new Error("asked for more crossings than the verdict needs");
      return Promise.resolve(answer);
    },
    found,
  );
  return { result: given, modes, found: found.mock.calls.length };
}

function fault(stage: string, type: string, code: string, message: string): unknown {
  return { kind: "fault", fault: { stage, type, code, message } };
}

describe("an event that was in flight when something failed", () => {
  test("has its outcome when it comes through by itself, and nothing is held against its template", async () => {
    expect(await judged([done])).toEqual({ result, modes: ["single"], found: 0 });
  });

  test("is tried in an isolate of its own after any failure", async () => {
    expect((await judged([stopped("timeout"), done])).modes).toEqual(["single", "alone"]);
    expect((await judged([died("gone"), done])).modes).toEqual(["single", "alone"]);
  });

  test("is rejected `timeout` when it is over the CPU limit twice, at the stage where it was", async () => {
    const verdict = fault("transform", "timeout", "CPU_LIMIT", "transform used more than 70 ms of CPU time");
    expect(await judged([stopped("timeout"), stopped("timeout")])).toMatchObject({
      result: verdict,
      found: 1,
    });
    expect(await judged([stopped("timeout"), died("deadline", { stage: 3 })])).toMatchObject({
      result: verdict,
    });
  });

  test("is rejected `memory` only for what it did twice in an isolate that was its own", async () => {
    const verdict = fault("validate", "memory", "MEMORY_LIMIT", "validate needed more than 32 MB of memory");
    for (const failure of [stopped("memory", "validate"), died("memory"), died("crash")]) {
      expect(await judged([failure, failure, failure])).toMatchObject({ result: verdict, found: 1 });
      expect((await judged([failure, failure, done])).result).toEqual(result);
    }
  });

  test("is rejected `internal` when its executor ended or failed three times with it alone", async () => {
    const verdict = { kind: "fault", fault: { stage: "validate", type: "internal", code: "INTERNAL" } };
    for (const failure of [died("gone"), stopped("failed", "validate")]) {
      expect(await judged([failure, failure, failure, failure])).toMatchObject({ result: verdict, found: 1 });
      expect((await judged([failure, failure, failure, done])).result).toEqual(result);
    }
  });

  test.each<[string, CrossingAnswer]>([
    ["its executor was frozen", died("frozen")],
    ["its executor ended before it was its turn", died("crash", { started: false })],
    ["its executor used up its time before it was its turn", died("deadline", { started: false })],
    ["the machine was too busy to give it its CPU time", stopped("starved")],
  ])("is tried again however often %s", async (_what, failure) => {
    const often = Array.from({ length: 9 }, () => failure);
    expect((await judged([...often, done])).result).toEqual(result);
  });

  test("is not convicted by failures of different kinds", async () => {
    const mixed = [stopped("timeout"), stopped("memory"), died("gone"), died("gone"), done];
    expect((await judged(mixed)).result).toEqual(result);
  });

  test("has the fault of its template where that cannot run at all", async () => {
    const broken = { stage: "decode", type: "syntax", code: "SYNTAX_ERROR", message: "no" } as const;
    expect(await judged([answered({ kind: "broken", fault: broken })])).toEqual({
      result: { kind: "fault", fault: broken },
      modes: ["single"],
      found: 0,
    });
  });

  test("is at decode as long as nobody has seen it anywhere", async () => {
    const nowhere = stopped("timeout", "none");
    expect((await judged([nowhere, nowhere])).result).toMatchObject({ fault: { stage: "decode" } });
    const loading = died("deadline", { stage: 5 });
    expect((await judged([loading, loading])).result).toMatchObject({ fault: { stage: "decode" } });
  });
});
