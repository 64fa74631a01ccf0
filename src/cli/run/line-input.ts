import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import { splitLines } from "../../intake/line-splitter.ts";
import type { IntakeFault } from "../../intake/intake-fault.ts";
import { readLine, refuseOversizeLine } from "../../intake/ndjson-line.ts";
import { MillraceError } from "../../model/error.ts";
import type { RawEvent } from "../../model/raw-event.ts";

/** Bytes of NDJSON, wherever they come from. */
export interface ByteSource {
  readonly stream: Readable;
  /** How many bytes there will be; absent where nobody can know. */
  readonly totalBytes?: number;
}

/** How lines become raw events. */
export interface LineInputOptions {
  /** What a group of lines takes for now, epoch milliseconds. */
  readonly now: () => number;
  readonly lineBytes: number;
  readonly payloadBytes: number;
  /** The id of an event that has none; without it `line-{n}`. */
  readonly defaultEventId?: string;
  /** Ends the input as if it had no more lines. */
  readonly stop: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/** Opens a file, or the standard input for `-`. Throws `INPUT` where there is nothing that can be read. */
export async function openByteSource(path: string): Promise<ByteSource> {
  if (path === "-") return { stream: process.stdin };
  try {
    // Opened here and not by the stream, so that a wrong path is told before anything is started.
    const handle = await open(path, "r");
    const kind = await handle.stat();
    if (kind.isDirectory()) {
      await handle.close();
      throw new MillraceError("INPUT", `cannot read ${path}: it is a directory`);
    }
    const stream = createReadStream("", { fd: handle, highWaterMark: 256 * 1024 });
    return { stream, ...(kind.isFile() && { totalBytes: kind.size }) };
  } catch (error) {
    throw error instanceof MillraceError ? error : unreadable(path, error);
  }
}

/** Raw events in groups, one for each chunk of bytes. Bad lines become faults; only a failing source throws (`INPUT`). */
export async function* readRawEvents(
  { stream }: ByteSource,
  options: LineInputOptions,
): AsyncGenerator<readonly (RawEvent | IntakeFault)[], void, undefined> {
  const { now, lineBytes, payloadBytes, defaultEventId, stop } = options;
  const idOption = defaultEventId === undefined ? {} : { defaultEventId };
  for await (const lines of splitLines(chunks(stream, options), { lineBytes })) {
    const common = { nowMs: now(), limits: { payloadBytes }, ...idOption };
    yield lines.map((line) => {
      const context = { line: line.line, ...common };
      return line.kind === "line" ? readLine(line.bytes, context) : refuseOversizeLine(line, context);
    });
    if (stop.aborted) return;
  }
}

async function* chunks(
  stream: Readable,
  { stop, onBytes }: LineInputOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (stop.aborted) return;
  // Destroys the stream, which also wakes a read that waits.
  addAbortSignal(stop, stream);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      onBytes?.(chunk.byteLength);
      yield chunk;
    }
  } catch (error) {
    if (stop.aborted) return;
    throw unreadable("the input", error);
  }
}

function unreadable(what: string, cause: unknown): MillraceError {
  const reason = cause instanceof Error && "code" in cause ? reasons[String(cause.code)] : undefined;
  return new MillraceError(
    "INPUT",
    `cannot read ${what}: ${reason ?? (cause instanceof Error ? cause.message : String(cause))}`,
    { cause },
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
};
