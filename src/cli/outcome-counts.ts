import type { Outcome } from "../pipeline/outcome.ts";
import { grouped } from "./numbers.ts";

/** Outcomes counted. */
export interface Counts {
  raw: number;
  standard: number;
  filtered: number;
  rejected: number;
  /** Standard events: more than `standard` where one raw event became several. */
  events: number;
}

/** Nothing counted yet. */
export function noCounts(): Counts {
  return { raw: 0, standard: 0, filtered: 0, rejected: 0, events: 0 };
}

/** Counts one outcome. */
export function countOutcome(counts: Counts, outcome: Outcome): void {
  counts.raw += 1;
  switch (outcome.kind) {
    case "standard":
      counts.standard += 1;
      counts.events += outcome.values.length;
      break;
    case "filtered":
      counts.filtered += 1;
      break;
    case "rejected":
      counts.rejected += 1;
      break;
  }
}

/** Counts one more of a kind. */
export function countKind(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

/** `runtime 12, envelope 3`: the most frequent first; empty where there is none. */
export function kindsInWords(counts: ReadonlyMap<string, number>): string {
  const kinds = [...counts].sort((a, b) => b[1] - a[1]);
  return kinds.map(([kind, count]) => `${kind} ${grouped(count)}`).join(", ");
}
