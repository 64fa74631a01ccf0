/**
 * Names whose bytes are known, and places of a table for names that were read. Producers use few names, but choose them:
 * more than this many are forgotten together, so that no producer fills the memory with names.
 */
const knownNames = 1_024;
/** Longer names are rare, and comparing them would cost what it saves. */
const longestKnownBytes = 32;

const bytesOfName = new Map<string, Buffer>();

/** A header's name as UTF-8. What it gives is shared and must not be changed. */
export function headerNameBytes(name: string): Buffer {
  const known = bytesOfName.get(name);
  if (known !== undefined) return known;
  const bytes = Buffer.from(name, "utf8");
  if (bytesOfName.size >= knownNames) bytesOfName.clear();
  if (bytes.length <= longestKnownBytes) bytesOfName.set(name, bytes);
  return bytes;
}

interface ReadName {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const readNames: (ReadName | undefined)[] = Array.from({ length: knownNames });

/** The name whose UTF-8 stands from `start` to before `end`: making a text anew costs several times the comparison. */
export function readHeaderName(from: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 0 || length > longestKnownBytes) return from.toString("utf8", start, end);
  // Spreads the names that are in use; others only cost each other the comparison.
  const place =
    ((from[start] as number) * 31 + (from[end - 1] as number) * 7 + length * 101) & (knownNames - 1);
  const known = readNames[place];
  if (known !== undefined && isAt(from, start, known.bytes, length)) return known.text;
  const text = from.toString("utf8", start, end);
  readNames[place] = { bytes: Uint8Array.prototype.slice.call(from, start, end), text };
  return text;
}

function isAt(from: Buffer, start: number, bytes: Uint8Array, length: number): boolean {
  if (bytes.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (from[start + at] !== bytes[at]) return false;
  return true;
}
