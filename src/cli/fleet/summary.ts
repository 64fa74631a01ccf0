import type { Colors } from "../host.ts";
import type { Percentiles } from "./live-view.ts";
import { duration, grouped } from "../numbers.ts";
import { kindsInWords, type Counts } from "../outcome-counts.ts";
import { tallyProblems, type Tally } from "./tally.ts";

/** What a finished demonstration has to show. */
export interface FleetResult {
  readonly tally: Tally;
  /** Raw events that went in. */
  readonly sent: number;
  readonly elapsedMs: number;
  readonly latency: Percentiles;
}

/** The summary as a person reads it. */
export function summaryText(result: FleetResult, colors: Colors): string {
  const { tally, sent, elapsedMs, latency } = result;
  const { total } = tally;
  const problems = tallyProblems(tally, sent);
  const rejected = kindsInWords(tally.rejectedByType);
  return [
    `${grouped(sent)} raw events in ${duration(elapsedMs)}, ${grouped(ratePerSecond(result))} events/s`,
    "",
    ...orgTable(tally, colors),
    "",
    `rejected   ${rejected === "" ? "none" : rejected}`,
    `latency    p50 ${duration(latency.p50Ms)}, p99 ${duration(latency.p99Ms)}`,
    problems.length > 0
      ? colors.red(`counts     do not add up: ${problems.join("; ")}`)
      : `counts     add up: ${grouped(total.standard)} + ${grouped(total.filtered)} + ${grouped(total.rejected)} = ${grouped(sent)} raw events`,
    `simulator  ${grouped(tally.foreseen)} of ${grouped(total.raw)} outcomes are what it expected`,
    "",
    "Try next   npx millrace test examples/catalog",
    "           npx millrace init my-catalog",
    "",
  ].join("\n");
}

/** The summary for programs. */
export function summaryJson(result: FleetResult): string {
  const { tally, sent, elapsedMs, latency } = result;
  const summary = {
    sent,
    ...tally.total,
    rejectedByType: Object.fromEntries(tally.rejectedByType),
    byOrg: Object.fromEntries(tally.byOrg),
    foreseen: tally.foreseen,
    problems: tallyProblems(tally, sent),
    elapsedMs: Math.round(elapsedMs),
    eventsPerSecond: Math.round(ratePerSecond(result)),
    latency,
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function ratePerSecond({ sent, elapsedMs }: FleetResult): number {
  return elapsedMs === 0 ? 0 : (1000 * sent) / elapsedMs;
}

function orgTable({ byOrg, total }: Tally, colors: Colors): string[] {
  const columns = ["raw", "standard", "filtered", "rejected", "events"] as const;
  const headings = ["raw events", "standard", "filtered", "rejected", "events out"];
  const orgs = [...byOrg].sort(([a], [b]) => (a < b ? -1 : 1));
  const nameWidth = Math.max(...orgs.map(([name]) => name.length), "total".length);
  const line = (name: string, cells: readonly string[]): string =>
    name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(12)).join("");
  const counts = (name: string, row: Counts): string =>
    line(
      name,
      columns.map((column) => grouped(row[column])),
    );
  return [
    colors.bold(line("org", headings)),
    ...orgs.map(([name, row]) => counts(name, row)),
    colors.bold(counts("total", total)),
  ];
}

/** One line for a log or a pipe. */
export function progressLine(
  elapsedText: string,
  eventsPerSecond: number,
  tally: Tally,
  latency: Percentiles,
): string {
  const { total, rejectedByType } = tally;
  const types = kindsInWords(rejectedByType);
  return [
    elapsedText,
    `${grouped(eventsPerSecond)} events/s`,
    `standard ${grouped(total.standard)}`,
    `filtered ${grouped(total.filtered)}`,
    `rejected ${grouped(total.rejected)}${types === "" ? "" : ` (${types})`}`,
    `p50 ${duration(latency.p50Ms)}, p99 ${duration(latency.p99Ms)}`,
  ].join("  ");
}
