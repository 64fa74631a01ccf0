import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { Outcome } from "../../pipeline/outcome.ts";

/** Outcomes that are committed, counted since the start. */
export interface OutcomeCounts {
  readonly raw: number;
  readonly standard: number;
  /** Standard events: more than `standard` where one raw event became several. */
  readonly events: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly rejectedByType: Readonly<Record<string, number>>;
}

export const noOutcomes: OutcomeCounts = {
  raw: 0,
  standard: 0,
  events: 0,
  filtered: 0,
  rejected: 0,
  rejectedByType: {},
};

/** Counts a slice's outcomes. */
export function countOutcomes(outcomes: Iterable<Outcome>): OutcomeCounts {
  const counts = { ...noOutcomes };
  const rejectedByType: Record<string, number> = {};
  for (const outcome of outcomes) {
    counts.raw += 1;
    switch (outcome.kind) {
      case "standard":
        counts.standard += 1;
        counts.events += outcome.values.length;
        break;
      case "filtered":
        counts.filtered += 1;
        break;
      case "rejected": {
        const { type } = outcome.rejection;
        counts.rejected += 1;
        rejectedByType[type] = (rejectedByType[type] ?? 0) + 1;
      }
    }
  }
  return { ...counts, rejectedByType };
}

export function addOutcomes(one: OutcomeCounts, other: OutcomeCounts): OutcomeCounts {
  const rejectedByType: Record<string, number> = { ...one.rejectedByType };
  for (const [type, count] of Object.entries(other.rejectedByType))
    rejectedByType[type] = (rejectedByType[type] ?? 0) + count;
  return {
    raw: one.raw + other.raw,
    standard: one.standard + other.standard,
    events: one.events + other.events,
    filtered: one.filtered + other.filtered,
    rejected: one.rejected + other.rejected,
    rejectedByType,
  };
}

/** From a record's timestamp to the commit of its outcome, microseconds: three significant digits, up to a day. */
export function createLatencies(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: 86_400_000_000, figures: 3 });
}
