import type { ScriptReport } from "./arena.ts";
import { outcomeWords } from "./verdict.ts";

/** A script and what became of it. */
export interface TableRow {
  readonly name: string;
  readonly report: ScriptReport;
}

const columns = [
  "script",
  "outcome",
  "held a core, ms",
  "peak, MB",
  "innocent p99, ms",
  "alone, ms",
] as const;

function cellsOf({ name, report }: TableRow): string[] {
  return [
    name,
    outcomeWords(report),
    String(Math.round(report.heldMs)),
    String(Math.round(report.peakBytes / 2 ** 20)),
    report.innocentP99Ms.toFixed(1),
    report.innocentP99AloneMs.toFixed(1),
  ];
}

/** The table for a terminal. */
export function textTable(rows: readonly TableRow[]): string {
  const all = [[...columns], ...rows.map(cellsOf)];
  const widths = columns.map((_name, at) => Math.max(...all.map((cells) => (cells[at] ?? "").length)));
  const lines = all.map((cells) =>
    cells
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  "),
  );
  return `${lines.join("\n")}\n`;
}

/** The table for a document. */
export function markdownTable(rows: readonly TableRow[]): string {
  const all = [[...columns], columns.map((_name, at) => (at < 2 ? "---" : "---:")), ...rows.map(cellsOf)];
  return `${all.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}
