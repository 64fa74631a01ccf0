import { MillraceError } from "../model/error.ts";
import type { ConsoleLine, EventFault } from "../model/script-fault.ts";
import type { SandboxResult } from "./port.ts";

/** How a crossing ended. All but `done` leave events from `results.length` on without a result. */
export type CrossingEnd =
  | { readonly kind: "done" }
  /** A stage was stopped or overran, or our own code `failed`; `index` is the event that was running. */
  | {
      readonly kind: "stopped";
      readonly reason: "timeout" | "memory" | "starved" | "failed";
      readonly index: number;
      readonly stage: string;
    }
  /** The template cannot run at all; each event of the version gets this fault. */
  | { readonly kind: "broken"; readonly fault: EventFault };

export interface CrossingResults {
  readonly end: CrossingEnd;
  /** CPU time of the executor's main thread over the crossing, microseconds. */
  readonly cpuUs: number;
  readonly results: readonly SandboxResult[];
}

/** What the executor has in hand for one event before it is written to a frame. */
export type ExecutorResult =
  | {
      readonly kind: "standard";
      readonly shape: "one" | "many";
      readonly values: readonly string[];
      readonly console?: readonly ConsoleLine[];
    }
  | Extract<SandboxResult, { kind: "filtered" | "fault" }>;

const kinds = { one: 0, many: 1, filtered: 2, fault: 3 } as const;

/**
 * The body of a `results` frame: `u32 head length | head JSON | i32 words | texts`. Words are, for each event, its
 * kind, the number of its texts, the byte length of its console lines' JSON, then each text's byte length.
 */
export function encodeResults(end: CrossingEnd, cpuUs: number, results: readonly ExecutorResult[]): Buffer {
  const texts: string[][] = [];
  let words = 0;
  let units = 0;
  for (const result of results) {
    const own = textsOf(result);
    texts.push(own);
    words += 2 + own.length;
    for (const text of own) units += text.length;
  }
  const head = JSON.stringify({ end, cpuUs, count: results.length, words });
  const headBytes = Buffer.byteLength(head, "utf8");
  // A UTF-16 unit takes three bytes at most; what is not used stays behind.
  const body = Buffer.allocUnsafe(4 + headBytes + words * 4 + units * 3);
  body.writeUInt32LE(headBytes, 0);
  let word = 4 + body.write(head, 4, "utf8");
  let at = word + words * 4;
  for (const [index, own] of texts.entries()) {
    const result = results[index] as ExecutorResult;
    word = body.writeInt32LE(result.kind === "standard" ? kinds[result.shape] : kinds[result.kind], word);
    word = body.writeInt32LE(own.length - 1, word);
    for (const text of own) {
      const bytes = text === "" ? 0 : body.write(text, at, "utf8");
      word = body.writeInt32LE(bytes, word);
      at += bytes;
    }
  }
  return body.subarray(0, at);
}

/** The console lines of a result, nothing where it has none, and then what it is made of. */
function textsOf(result: ExecutorResult): string[] {
  const lines = result.console === undefined ? "" : JSON.stringify(result.console);
  switch (result.kind) {
    case "standard":
      return [lines, ...result.values];
    case "filtered":
      return [lines];
    case "fault":
      return [lines, JSON.stringify(result.fault)];
  }
}

/** Reads the body of a `results` frame. Throws `WIRE` where it is none. */
export function decodeResults(body: Buffer): CrossingResults {
  try {
    return readResults(body);
  } catch (cause) {
    throw new MillraceError("WIRE", "a results frame does not say what its length promises", { cause });
  }
}

function readResults(body: Buffer): CrossingResults {
  const headBytes = body.readUInt32LE(0);
  const head = JSON.parse(body.toString("utf8", 4, 4 + headBytes)) as {
    end: CrossingEnd;
    cpuUs: number;
    count: number;
    words: number;
  };
  let word = 4 + headBytes;
  let at = word + head.words * 4;
  const next = (): number => {
    const value = body.readInt32LE(word);
    word += 4;
    return value;
  };
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > body.length) throw new RangeError("a text ends outside its frame");
    const bytes = body.subarray(at, at + length);
    at += length;
    return bytes;
  };
  const results: SandboxResult[] = [];
  for (let index = 0; index < head.count; index += 1) results.push(readResult(next, take));
  if (at !== body.length) throw new RangeError("a frame is longer than its texts");
  return { end: head.end, cpuUs: head.cpuUs, results };
}

function readResult(next: () => number, take: (length: number) => Buffer): SandboxResult {
  const kind = next();
  const count = next();
  const consoleBytes = next();
  const lines: { console?: ConsoleLine[] } =
    consoleBytes === 0 ? {} : { console: JSON.parse(take(consoleBytes).toString("utf8")) as ConsoleLine[] };
  if (kind === kinds.filtered) return { kind: "filtered", ...lines };
  if (kind === kinds.fault) {
    return { kind: "fault", fault: JSON.parse(take(next()).toString("utf8")) as EventFault, ...lines };
  }
  const values: Buffer[] = [];
  for (let value = 0; value < count; value += 1) values.push(take(next()));
  return { kind: "standard", shape: kind === kinds.one ? "one" : "many", values, ...lines };
}
