import type { ExpectedOutcome } from "../../fleet/event-kind.ts";
import type { Outcome } from "../../pipeline/outcome.ts";

/** Whether an outcome is what the simulator, which knows what it did to the event, expects of the example templates. */
export function foresight(expected: ExpectedOutcome, outcome: Outcome): "foreseen" | "surprising" {
  return isAsExpected(expected, outcome) ? "foreseen" : "surprising";
}

function isAsExpected(expected: ExpectedOutcome, outcome: Outcome): boolean {
  switch (expected.outcome) {
    case "filtered":
      return outcome.kind === "filtered";
    case "standard":
      return (
        outcome.kind === "standard" &&
        outcome.shape === expected.shape &&
        outcome.values.length === expected.events
      );
    case "rejected": {
      if (outcome.kind !== "rejected") return false;
      const { stage, code } = outcome.rejection;
      return (expected.stage ?? stage) === stage && (expected.code ?? code) === code;
    }
  }
}
