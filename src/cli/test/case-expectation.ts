import { isDeepStrictEqual } from "node:util";
import type { CaseExpectation, ExpectedRejection, Rejection } from "../../model/contract.ts";
import type { Outcome } from "../../pipeline/outcome.ts";

type EventObject = Readonly<Record<string, unknown>>;

/** What a script decides of a standard event; the rest follows from the input and from the template's place. */
const authoredKeys = ["eventType", "created", "data", "metadata", "eva", "warnings"] as const;

/** How an outcome stands against an expectation. */
export interface Comparison {
  readonly verdict: "passed" | "failed";
  /** The outcome in the form of the expectation: of the keys that it names where it is of the same kind, else whole. */
  readonly actual: CaseExpectation;
}

/** Compares an outcome with an expectation: of an object only the keys that the expectation names, each exactly. */
export function compareOutcome(expect: CaseExpectation, outcome: Outcome): Comparison {
  const actual = asExpectation(outcome, expect);
  // Through JSON, so that both sides know only what JSON knows.
  const expected: unknown = JSON.parse(JSON.stringify(expect));
  return { verdict: isDeepStrictEqual(actual, expected) ? "passed" : "failed", actual };
}

/**
 * The expectation that this outcome would pass, for `--update`: the same keys as before, or all that the script
 * decides where none were named or the outcome is of another kind.
 */
export function updatedExpectation(expect: CaseExpectation, outcome: Outcome): CaseExpectation {
  const actual = asExpectation(outcome, expect);
  if ("event" in expect && "event" in actual && Object.keys(expect.event).length === 0)
    return asExpectation(outcome, undefined);
  return actual;
}

function asExpectation(outcome: Outcome, expect: CaseExpectation | undefined): CaseExpectation {
  switch (outcome.kind) {
    case "filtered":
      return { filtered: true };
    case "rejected": {
      const named = expect !== undefined && "rejection" in expect ? expect.rejection : undefined;
      return { rejection: rejectionView(outcome.rejection, named) };
    }
    case "standard": {
      const events = outcome.values.map(
        (value) => JSON.parse(Buffer.from(value).toString("utf8")) as EventObject,
      );
      const [only] = events;
      if (outcome.shape === "one" && only !== undefined) {
        return {
          event: eventView(only, expect !== undefined && "event" in expect ? expect.event : undefined),
        };
      }
      const named = expect !== undefined && "events" in expect ? expect.events : [];
      return { events: events.map((event, index) => eventView(event, named[index])) };
    }
  }
}

/** The keys that `named` has, in its order; a key that did not come out stays away. */
function eventView(event: EventObject, named: EventObject | undefined): Record<string, unknown> {
  const keys = named === undefined ? authoredKeys : Object.keys(named);
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(event, key)).map((key) => [key, event[key]]));
}

function rejectionView(rejection: Rejection, named: ExpectedRejection | undefined): ExpectedRejection {
  const { stage, type, code, message } = rejection;
  return {
    stage,
    type,
    ...((named === undefined || named.code !== undefined) && { code }),
    ...((named === undefined || named.message !== undefined) && { message }),
  };
}
