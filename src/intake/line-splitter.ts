import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import type { PayloadOmitted } from "../model/contract.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** One line of the input, or what is known of one that was too long to be kept. Lines count from 1, blank ones too. */
export type SplitLine =
  | { readonly kind: "line"; readonly line: number; readonly bytes: Buffer }
  | ({ readonly kind: "oversize"; readonly line: number } & OversizeLine);

/** A line that was too long to be kept. */
export interface OversizeLine {
  /** Size and hash of the line without its line feed. */
  readonly omitted: PayloadOmitted;
  /** Longest line that the input takes, bytes. */
  readonly limitBytes: number;
}

export interface SplitOptions {
  /**
   * Longest line, bytes, without its line break. It protects memory from an input without line breaks: of a longer
   * line only size and hash are kept. Raising it costs that much memory for each input that is read at the time.
   */
  readonly lineBytes: number;
}

/**
 * Splits a stream of bytes into lines. A line ends with LF or CR LF, the last one also with the input; blank lines
 * (nothing but spaces and tabs) are skipped. Lines come in groups, one for each chunk that completes any. They may share a
 * chunk's memory, so a line that is kept for long should be copied.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  options: SplitOptions,
): AsyncGenerator<readonly SplitLine[], void, undefined> {
  const splitter = createLineSplitter(options.lineBytes);
  for await (const chunk of chunks) {
    const lines = splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last.length > 0) yield last;
}

/** Takes an input chunk by chunk and gives the lines that each completes. */
export interface LineSplitter {
  push(chunk: Buffer): SplitLine[];
  /** The last line, where it has no line break. */
  end(): SplitLine[];
}

/** What {@link splitLines} splits with, for those who are handed chunks. */
export function createLineSplitter(limitBytes: number): LineSplitter {
  let line = 1;
  let open = createOpenLine(limitBytes);
  /** Ends a line whose last part is `part`. */
  const close = (part: Buffer, lines: SplitLine[]): void => {
    // Most lines lie whole in one chunk and need no copy.
    const whole = open.isEmpty() ? part : open.add(part).whole();
    const closed = whole === undefined ? open.oversize(line) : closeWhole(whole, line, limitBytes);
    if (closed !== undefined) lines.push(closed);
    if (!open.isEmpty()) open = createOpenLine(limitBytes);
    line += 1;
  };
  return {
    push: (chunk) => {
      const lines: SplitLine[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
        close(chunk.subarray(start, end), lines);
        start = end + 1;
      }
      open.add(chunk.subarray(start));
      return lines;
    },
    end: () => {
      const lines: SplitLine[] = [];
      if (!open.isEmpty()) close(Buffer.alloc(0), lines);
      return lines;
    },
  };
}

function closeWhole(whole: Buffer, line: number, limitBytes: number): SplitLine | undefined {
  const bytes = whole[whole.length - 1] === carriageReturn ? whole.subarray(0, -1) : whole;
  if (bytes.length > limitBytes) {
    const sha256 = createHash("sha256").update(whole).digest("hex");
    return { kind: "oversize", line, omitted: { bytes: whole.length, sha256 }, limitBytes };
  }
  return isBlank(bytes) ? undefined : { kind: "line", line, bytes };
}

/** What there is so far of a line whose end has not come. */
interface OpenLine {
  isEmpty(): boolean;
  add(part: Buffer): OpenLine;
  /** The line; `undefined` where it was too long to be kept. */
  whole(): Buffer | undefined;
  oversize(line: number): SplitLine | undefined;
}

/**
 * Copies parts into one buffer that grows by doubling, so that neither many small parts nor parts of large chunks hold
 * more memory than twice the line. Past the limit only size and hash are kept.
 */
function createOpenLine(limitBytes: number): OpenLine {
  // A carriage return before the line feed does not count.
  const keptBytes = limitBytes + 1;
  let buffer = Buffer.alloc(0);
  let bytes = 0;
  let hash: Hash | undefined;
  const keep = (part: Buffer): void => {
    if (bytes + part.length > buffer.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.min(keptBytes, Math.max(2 * buffer.length, bytes + part.length)),
      );
      buffer.copy(grown, 0, 0, bytes);
      buffer = grown;
    }
    part.copy(buffer, bytes);
  };
  const open: OpenLine = {
    isEmpty: () => bytes === 0,
    add: (part) => {
      if (hash === undefined && bytes + part.length > keptBytes) {
        hash = createHash("sha256").update(buffer.subarray(0, bytes));
        buffer = Buffer.alloc(0);
      }
      if (hash === undefined) keep(part);
      else hash.update(part);
      bytes += part.length;
      return open;
    },
    whole: () => (hash === undefined ? buffer.subarray(0, bytes) : undefined),
    oversize: (line) => {
      if (hash === undefined) return undefined;
      return { kind: "oversize", line, omitted: { bytes, sha256: hash.digest("hex") }, limitBytes };
    },
  };
  return open;
}

function isBlank(bytes: Buffer): boolean {
  let at = 0;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  return at === bytes.length;
}
