import type { ConsoleLine, EventFault } from "../model/script-fault.ts";
import type { SandboxResult } from "./port.ts";

/** How a crossing ended. All but `done` leave events from `results.length` on without a result. */
export type CrossingEnd =
  | { readonly kind: "done" }
  /** A stage was stopped or overran; `index` is the event that was running. */
  | {
      readonly kind: "stopped";
      readonly reason: "timeout" | "memory" | "starved";
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
 * kind, the number of its values, the byte length of its console lines' JSON, then each value's byte length.
 */
export function encodeResults(end: CrossingEnd, cpuUs: number, results: readonly ExecutorResult[]): Buffer {
  const words: number[] = [];
  const lengths: string[] = [];
  let text = "";
  const wordOfText: number[] = [];
  const add = (value: string): void => {
    wordOfText.push(words.length);
    words.push(value.length);
    lengths.push(value);
    text += value;
  };
  for (const result of results) {
    const lines = result.console === undefined ? "" : JSON.stringify(result.console);
    switch (result.kind) {
      case "standard":
        words.push(kinds[result.shape], result.values.length);
        break;
      case "filtered":
        words.push(kinds.filtered, 0);
        break;
      case "fault":
        words.push(kinds.fault, 1);
        break;
    }
    add(lines);
    if (result.kind === "standard") for (const value of result.values) add(value);
    if (result.kind === "fault") add(JSON.stringify(result.fault));
  }
  const texts = Buffer.from(text, "utf8");
  if (texts.length !== text.length) {
    for (let index = 0; index < lengths.length; index += 1) {
      words[wordOfText[index] as number] = Buffer.byteLength(lengths[index] as string, "utf8");
    }
  }
  const head = Buffer.from(
    JSON.stringify({ end, cpuUs, count: results.length, words: words.length }),
    "utf8",
  );
  const headLength = Buffer.allocUnsafe(4);
  headLength.writeUInt32LE(head.length, 0);
  const wordBytes = Buffer.from(Int32Array.from(words).buffer);
  return Buffer.concat([headLength, head, wordBytes, texts]);
}

export function decodeResults(body: Buffer): CrossingResults {
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
    const bytes = body.subarray(at, at + length);
    at += length;
    return bytes;
  };
  const results: SandboxResult[] = [];
  for (let index = 0; index < head.count; index += 1) results.push(readResult(next, take));
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
