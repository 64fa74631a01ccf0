import stringWidth from "string-width";
import type { Position } from "./finding.ts";
import { scriptLineBreak } from "./line-positions.ts";

/** Width of the author's text in a snippet, terminal columns; with the line number it fits into 100. */
const windowWidth = 90;
const tabWidth = 4;
/** How much of a line is looked at on either side of the place, UTF-16 code units: generated files have endless ones. */
const neighbourhood = 1000;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** One character as a terminal shows it. */
interface Cell {
  readonly text: string;
  /** Terminal columns. */
  readonly width: number;
}

/**
 * Two lines for a person: the line of the text that a place is in, and a caret under its column. A long line is cut
 * to what is around the caret. `undefined` where the text has no such line.
 */
export function snippet(text: string, { line, column }: Position): string | undefined {
  const source = text.split(scriptLineBreak)[line - 1];
  if (source === undefined) return undefined;
  const number = String(line);
  const start = Math.max(0, column - neighbourhood);
  const { shown, caretAt } = cut(...cellsOf(source.slice(start, column + neighbourhood), column - start));
  return `${number} | ${shown}\n${" ".repeat(number.length)} | ${" ".repeat(caretAt)}^`;
}

/** The cells of a line, and which of them the column is in; a place past the end has a cell of its own. */
function cellsOf(source: string, column: number): [cells: Cell[], marked: number] {
  const cells: Cell[] = [];
  let marked: number | undefined;
  let at = 0;
  for (const { segment, index } of graphemes.segment(source)) {
    if (marked === undefined && column - 1 < index + segment.length) marked = cells.length;
    const cell = toCell(segment, at);
    cells.push(cell);
    at += cell.width;
  }
  return [cells, marked ?? cells.length];
}

function toCell(segment: string, at: number): Cell {
  if (segment === "\t") {
    const width = tabWidth - (at % tabWidth);
    return { text: " ".repeat(width), width };
  }
  // Control and formatting characters could move a terminal's cursor or turn the direction of its text.
  if (/^[\p{Cc}\p{Cf}\p{Cs}]+$/u.test(segment)) return { text: "\ufffd", width: 1 };
  return { text: segment, width: stringWidth(segment) };
}

/** As many cells as fit, the marked one among them; `…` stands for what is left out on either side. */
function cut(cells: readonly Cell[], marked: number): { readonly shown: string; readonly caretAt: number } {
  const widthOf = (from: number, to: number): number =>
    cells.slice(from, to).reduce((sum, { width }) => sum + width, 0);
  let from = 0;
  let to = cells.length;
  if (widthOf(0, cells.length) > windowWidth) {
    // Two thirds of the window go to what stands before the place: that is what was read when it went wrong.
    from = startOf(cells, marked, (windowWidth * 2) / 3);
    to = endOf(cells, from, windowWidth);
    if (to === cells.length) from = startOf(cells, cells.length, windowWidth);
  }
  const before = from > 0 ? "…" : "";
  const after = to < cells.length ? "…" : "";
  const texts = cells.slice(from, to).map(({ text }) => text);
  return { shown: `${before}${texts.join("")}${after}`, caretAt: before.length + widthOf(from, marked) };
}

/** The first cell of those that end before `end` and fit into the width. */
function startOf(cells: readonly Cell[], end: number, width: number): number {
  let from = end;
  for (let left = width; from > 0 && left >= (cells[from - 1]?.width ?? 0); from--)
    left -= cells[from - 1]?.width ?? 0;
  return from;
}

/** The cell after the last of those that begin at `start` and fit into the width. */
function endOf(cells: readonly Cell[], start: number, width: number): number {
  let to = start;
  for (let left = width; to < cells.length && left >= (cells[to]?.width ?? 0); to++)
    left -= cells[to]?.width ?? 0;
  return to;
}
