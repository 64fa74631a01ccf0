import type { Position } from "./finding.ts";

/** Where the lines of a script end. */
export const scriptLineBreak = /\r\n|[\n\r\u2028\u2029]/g;

/**
 * Turns offsets in a text into lines and columns. The text is gone through once, when the first offset is asked for,
 * so that many places in a large text cost little.
 */
export function linePositions(
  text: string,
  lineBreak: RegExp = scriptLineBreak,
): (offset: number) => Position {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text, lineBreak);
    // The last line that starts at or before the offset.
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string, lineBreak: RegExp): number[] {
  return [0, ...text.matchAll(lineBreak).map((found) => found.index + found[0].length)];
}
