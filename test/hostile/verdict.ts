import type { Rejection, StandardEvent } from "../../src/model/contract.ts";
import { isDeepStrictEqual } from "node:util";
import type { ScriptReport } from "./arena.ts";
import type { ExpectedOutcome, HostileScript } from "./script-file.ts";

/**
 * Resident memory that no executor may pass, bytes. Its watchdog looks each 25 ms and ends it above 1,000 MB; what a
 * script can touch between two looks, and while a busy machine keeps the look waiting, comes on top.
 */
export const residentBoundBytes = 1_500 * 2 ** 20;

interface OutcomeLine {
  readonly outcome: "standard" | "filtered" | "rejected";
  readonly event?: StandardEvent;
  readonly rejection?: Rejection;
}

/** What a script did that it should not have been able to do; nothing where the sandbox held. */
export function problemsOf(script: HostileScript, report: ScriptReport): readonly string[] {
  const problems: string[] = [];
  const line = JSON.parse(report.line) as OutcomeLine;
  if (!script.outcomes.some((outcome) => fits(outcome, line)))
    problems.push(`its outcome was ${report.line.slice(0, 600)}`);
  const { message = "", location } = line.rejection ?? {};
  if (script.message !== undefined && !script.message.test(message))
    problems.push(`its message was ${message}`);
  const place = location === undefined ? "none" : `${location.file}:${location.line}:${location.column}`;
  if (script.location !== undefined && place !== script.location) problems.push(`its location was ${place}`);
  if (report.harmedNeighbours > 0)
    problems.push(`${report.harmedNeighbours} of its neighbours fared otherwise`);
  if (report.harmedGroups > 0) problems.push(`${report.harmedGroups} groups of the innocent org differed`);
  if (report.peakBytes > residentBoundBytes)
    problems.push(`an executor grew to ${Math.round(report.peakBytes / 2 ** 20)} MB`);
  return problems;
}

function fits(outcome: ExpectedOutcome, line: OutcomeLine): boolean {
  if (outcome.kind !== line.outcome) return false;
  switch (outcome.kind) {
    case "filtered":
      return true;
    case "standard":
      return outcome.data === undefined || isDeepStrictEqual(line.event?.data, outcome.data);
    case "rejected": {
      const { type, code, stage } = line.rejection ?? {};
      return type === outcome.type && code === outcome.code && stage === outcome.stage;
    }
  }
}

/** An outcome in the words of the scripts' headers. */
export function outcomeWords(report: ScriptReport): string {
  const { outcome, rejection } = JSON.parse(report.line) as OutcomeLine;
  return rejection === undefined ? outcome : `${rejection.type} ${rejection.code} at ${rejection.stage}`;
}
