import type { Colors } from "../host.ts";

type Style = "bold" | "dim" | "green" | "yellow" | "red" | "cyan";

/** A piece of a row in one style. */
export type Segment = readonly [text: string, style?: Style];

/** One row of a screen. */
export type Row = readonly Segment[];

/** Rows that belong together and are shown whole or not at all. */
export interface Block {
  /** Blocks with a higher number give way first where the screen is too low. */
  readonly priority: number;
  readonly rows: readonly Row[];
}

/** What a screen has room for. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Sets blocks one under the other, cut to the screen: no row is wider, and there are no more rows than it has. */
export function layOut(blocks: readonly Block[], size: ScreenSize, colors: Colors): string {
  const kept = [...blocks];
  const height = (): number => kept.reduce((sum, block) => sum + block.rows.length, 0);
  while (kept.length > 1 && height() > size.rows) {
    const lowest = Math.max(...kept.map((block) => block.priority));
    kept.splice(
      kept.findLastIndex((block) => block.priority === lowest),
      1,
    );
  }
  const rows = kept.flatMap((block) => block.rows).slice(0, size.rows);
  return rows.map((row) => paint(clip(row, size.columns), colors)).join("\n");
}

/** Cuts a row to a width, and says with a sign that something is missing. */
function clip(row: Row, columns: number): Row {
  const width = row.reduce((sum, [text]) => sum + text.length, 0);
  if (width <= columns) return row;
  let left = columns - 1;
  const clipped: Segment[] = [];
  for (const [text, style] of row) {
    const part = text.slice(0, Math.max(0, left));
    left -= part.length;
    if (part !== "") clipped.push(style === undefined ? [part] : [part, style]);
  }
  return [...clipped, ["…"]];
}

function paint(row: Row, colors: Colors): string {
  return row.map(([text, style]) => (style === undefined ? text : colors[style](text))).join("");
}
