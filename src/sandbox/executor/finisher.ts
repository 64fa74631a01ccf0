import { compileEva } from "../../outlet/eva.ts";
import { createStandardEventMaker } from "../../outlet/standard-event.ts";
import { frameKinds, type FrameKind } from "../frame.ts";
import type { RunnableTemplate } from "../port.ts";
import { encodeResults, type CrossingEnd, type ExecutorResult } from "../results-frame.ts";
import type { CrossingRemains } from "./crossing-remains.ts";
import { readResults, type ResultMaking } from "./result-reader.ts";

/** How an executor answers; a process writes to its sockets, a thread posts to its port. */
export type Send = (kind: FrameKind, id: number, body: Buffer) => void;

/** What the finished events of a template need of it. */
export type FinishedTemplate = Pick<
  RunnableTemplate,
  "orgId" | "templateId" | "templateVersion" | "eva" | "limits"
>;

/** A crossing that has left its isolate. */
export interface RunCrossing {
  readonly id: number;
  readonly templateNumber: number;
  readonly end: CrossingEnd;
  /** CPU time that it took so far, microseconds. */
  readonly cpuUs: number;
  readonly remains: readonly CrossingRemains[];
}

/**
 * Makes finished events of what crossings left, and answers them in the order in which they come. None of it runs a
 * script, so an executor process gives it a thread of its own and has its main thread for the isolates.
 */
export interface Finisher {
  teach(number: number, template: FinishedTemplate): void;
  forget(number: number): void;
  finish(crossing: RunCrossing): void;
  /** Resolves once all that was finished has been handed over. */
  close(): Promise<void>;
}

export function createFinisher(send: Send): Finisher {
  const makers = new Map<number, ResultMaking>();
  return {
    teach: (number, { orgId, templateId, templateVersion, eva, limits: { outputBytes } }) => {
      const options = { orgId, templateId, templateVersion, eva: compileEva(eva), outputBytes };
      makers.set(number, { maker: createStandardEventMaker(options), outputBytes });
    },
    forget: (number) => void makers.delete(number),
    finish: ({ id, templateNumber, end, cpuUs, remains }) => {
      const making = makers.get(templateNumber);
      if (making === undefined) throw new Error(`a crossing names the unknown template ${templateNumber}`);
      const before = process.threadCpuUsage();
      const read = readAll(remains, making, end);
      const { user, system } = process.threadCpuUsage(before);
      send(frameKinds.results, id, encodeResults(read.end, cpuUs + user + system, read.results));
    },
    close: () => Promise.resolve(),
  };
}

/** Results up to the first part that cannot be read: a guest that left such a thing is no guest of ours any more. */
function readAll(
  remains: readonly CrossingRemains[],
  making: ResultMaking,
  end: CrossingEnd,
): { readonly end: CrossingEnd; readonly results: readonly ExecutorResult[] } {
  const results: ExecutorResult[] = [];
  for (const part of remains) {
    try {
      results.push(...readResults(part, making));
    } catch (thrown) {
      process.stderr.write(`millrace executor: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
      return { end: { kind: "stopped", reason: "failed", index: results.length, stage: "none" }, results };
    }
  }
  return { end, results };
}
