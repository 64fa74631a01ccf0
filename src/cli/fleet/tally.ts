import type { Outcome } from "../../pipeline/outcome.ts";
import { countKind, countOutcome, noCounts, type Counts } from "../outcome-counts.ts";

/** Counts of a run. */
export interface Tally {
  readonly total: Readonly<Counts>;
  readonly byOrg: ReadonlyMap<string, Readonly<Counts>>;
  readonly rejectedByType: ReadonlyMap<string, number>;
  /** How many outcomes were what the simulator knew they would be. */
  readonly foreseen: number;
}

/** A tally that grows. */
export interface GrowingTally extends Tally {
  add(orgId: string, outcome: Outcome, foresight: "foreseen" | "surprising"): void;
}

/** Starts a tally at nothing. */
export function createTally(): GrowingTally {
  const total = noCounts();
  const byOrg = new Map<string, Counts>();
  const rejectedByType = new Map<string, number>();
  let foreseen = 0;
  return {
    total,
    byOrg,
    rejectedByType,
    get foreseen() {
      return foreseen;
    },
    add: (orgId, outcome, foresight) => {
      let org = byOrg.get(orgId);
      if (org === undefined) byOrg.set(orgId, (org = noCounts()));
      countOutcome(org, outcome);
      countOutcome(total, outcome);
      if (foresight === "foreseen") foreseen += 1;
      if (outcome.kind === "rejected") countKind(rejectedByType, outcome.rejection.type);
    },
  };
}

/** What does not add up, one line each; `sent` is how many raw events went in. */
export function tallyProblems(tally: Tally, sent: number): readonly string[] {
  const { total } = tally;
  const problems: string[] = [];
  const expect = (what: string, actual: number, expected: number): void => {
    if (actual !== expected) problems.push(`${what}: ${actual} instead of ${expected}`);
  };
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((so, number) => so + number, 0);
  const orgs = [...tally.byOrg.values()];
  expect("outcomes for raw events sent", total.raw, sent);
  expect(
    "standard, filtered and rejected together",
    total.standard + total.filtered + total.rejected,
    total.raw,
  );
  for (const key of ["raw", "standard", "filtered", "rejected", "events"] as const) {
    expect(`${key} over all orgs`, sum(orgs.map((counts) => counts[key])), total[key]);
  }
  expect("rejected over all types", sum(tally.rejectedByType.values()), total.rejected);
  return problems;
}
