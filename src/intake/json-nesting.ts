/**
 * Deepest nesting of a line of NDJSON and of a structured CloudEvent, their own objects counted. Writing JSON recurses:
 * without a limit the stack's free space would decide, differently from run to run. Raising it past some 4,000 exhausts
 * that stack.
 */
export const envelopeLevels = 512;

const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether JSON text is nested deeper than `levels`, the outermost value counted. The text must be valid JSON in UTF-8:
 * no byte of a longer character looks like one of ASCII's.
 */
export function nestsDeeper(json: Uint8Array, levels: number): boolean {
  // Each level takes two bytes at least, so that a short text need not be looked at.
  if (json.length < 2 * levels) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json[at]) {
      case quote:
        at = endOfString(json, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > levels) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
      default:
    }
  }
  return false;
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}
