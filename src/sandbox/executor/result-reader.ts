import { rejectionCodes } from "../../model/contract.ts";
import type { ConsoleLine, EventFault } from "../../model/script-fault.ts";
import type { Leaving, LeavingEvent, LeavingValue, StandardEventMaker } from "../../outlet/standard-event.ts";
import { eventStride, eventWords, textLengthOf, wordsOffset } from "../crossing-frame.ts";
import { createdKinds, guestFaults, slotKinds, slotStride, slotWords, stageMarks } from "../guest/slots.ts";
import type { ExecutorResult } from "../results-frame.ts";
import type { CrossingRemains } from "./crossing-remains.ts";

interface Cut {
  text: string;
  at: number;
}

const stamp = new Float64Array(1);
const stampWords = new Int32Array(stamp.buffer);

/** What makes a template's events of what was read. */
export interface ResultMaking {
  readonly maker: StandardEventMaker;
  /** Largest finished standard event, bytes of UTF-8. */
  readonly outputBytes: number;
}

/** Reads what a guest left in its slots and its result text; all that it says is checked or parsed here. */
export function readResults(
  { request, finished, slots, text }: CrossingRemains,
  making: ResultMaking,
): ExecutorResult[] {
  const cut: Cut = { text, at: 0 };
  const times = new Float64Array(request.numbers, 0, request.count * 2);
  const numbers = new Int32Array(request.numbers, wordsOffset(request.count), request.count * eventStride);
  const results: ExecutorResult[] = [];
  let textAt = 0;
  for (let index = 0; index < finished; index += 1) {
    const base = index * eventStride;
    const assetEnd = textAt + (numbers[base + eventWords.assetIdLength] as number);
    const eventEnd = assetEnd + (numbers[base + eventWords.eventIdLength] as number);
    const event: LeavingEvent = {
      assetId: request.text.slice(textAt, assetEnd),
      eventId: request.text.slice(assetEnd, eventEnd),
      timeMs: times[index * 2] as number,
      ingestedMs: times[index * 2 + 1] as number,
    };
    textAt += textLengthOf(numbers, base);
    results.push(readResult(slots, index * slotStride, cut, { ...making, event }));
  }
  return results;
}

interface Making extends ResultMaking {
  readonly event: LeavingEvent;
}

function readResult(words: Int32Array, slot: number, cut: Cut, making: Making): ExecutorResult {
  const first = take(cut, words[slot + slotWords.first]);
  const second = take(cut, words[slot + slotWords.second]);
  const third = take(cut, words[slot + slotWords.third]);
  const warningsJson = take(cut, words[slot + slotWords.warnings]);
  const consoleJson = take(cut, words[slot + slotWords.console]);
  const lines = consoleJson === "" ? {} : { console: JSON.parse(consoleJson) as ConsoleLine[] };
  switch (words[slot]) {
    case slotKinds.filtered:
      return { kind: "filtered", ...lines };
    case slotKinds.fault:
      return { kind: "fault", fault: readFault(words, slot, first, second, third), ...lines };
    case slotKinds.fast:
    case slotKinds.many:
    case slotKinds.json: {
      const warnings = warningsJson === "" ? noWarnings : (JSON.parse(warningsJson) as string[]);
      const leaving = readLeaving(words, slot, [first, second, third], warnings, making.outputBytes);
      if ("code" in leaving) return { kind: "fault", fault: leaving, ...lines };
      const made = making.maker.make(making.event, leaving);
      if (made.kind === "fault") return { kind: "fault", fault: made.fault, ...lines };
      if (made.kind === "filtered") return { kind: "filtered", ...lines };
      return { kind: "standard", shape: made.shape, values: made.values, ...lines };
    }
    default:
      throw new Error(`a guest left a slot of the unknown kind ${words[slot]}`);
  }
}

const noWarnings: readonly string[] = [];

function take(cut: Cut, length: number | undefined): string {
  if (length === undefined || length < 0 || cut.at + length > cut.text.length) {
    throw new Error("a guest's slot and its result text do not agree");
  }
  const start = cut.at;
  cut.at += length;
  return length === 0 ? "" : cut.text.slice(start, cut.at);
}

type Parts = readonly [first: string, second: string, third: string];

function readLeaving(
  words: Int32Array,
  slot: number,
  parts: Parts,
  warnings: readonly string[],
  outputBytes: number,
): Leaving | EventFault {
  switch (words[slot]) {
    case slotKinds.fast:
      if (parts[1].length + parts[2].length > outputBytes) return tooLarge("", outputBytes);
      return { shape: "one", warnings, ...readFast(words, slot, parts) };
    case slotKinds.many: {
      const read = readMany(parts, outputBytes);
      return "code" in read ? read : { shape: "many", warnings, ...read };
    }
    default:
      if (parts[0].length > outputBytes) return tooLarge("", outputBytes);
      return { shape: "one", warnings, events: JSON.parse(parts[0]) as LeavingValue[] };
  }
}

/**
 * The fault of a text that no event has room for, found before it is parsed: parsing takes many times a text's memory,
 * and stands under no limit of the script's.
 */
function tooLarge(before: string, outputBytes: number): EventFault {
  const message = `${before}the finished event has more than the ${outputBytes} bytes that are allowed`;
  return { stage: "output", type: "output", code: "TOO_LARGE", message };
}

type Read = Pick<Leaving, "events" | "texts" | "ownWarnings">;

function readFast(words: Int32Array, slot: number, [eventType, data, metadata]: Parts): Read {
  const value: Mutable<LeavingValue> = { eventType };
  if (data !== "") value.data = JSON.parse(data);
  if (metadata !== "") value.metadata = JSON.parse(metadata);
  if (words[slot + slotWords.detail] === createdKinds.number) {
    stampWords[0] = words[slot + slotWords.line] as number;
    stampWords[1] = words[slot + slotWords.column] as number;
    value.created = stamp[0];
  }
  return isOneLine(data) && isOneLine(metadata)
    ? { events: [value], texts: [{ data, metadata }] }
    : { events: [value] };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What a guest says of one event of several: lengths where its data and metadata would be. */
interface Head extends Pick<LeavingValue, "eventType" | "created"> {
  readonly data?: number;
  readonly metadata?: number;
}

function readMany([joined, ownWarningsJson, headsJson]: Parts, outputBytes: number): Read | EventFault {
  const cut: Cut = { text: joined, at: 0 };
  const texts: { data: string; metadata: string }[] = [];
  const events: LeavingValue[] = [];
  for (const { data: dataUnits = 0, metadata: metadataUnits = 0, ...head } of JSON.parse(
    headsJson,
  ) as Head[]) {
    if (dataUnits + metadataUnits > outputBytes) return tooLarge(`event ${events.length}: `, outputBytes);
    const data = take(cut, dataUnits);
    const metadata = take(cut, metadataUnits);
    texts.push({ data, metadata });
    events.push(lazyValue(head, data, metadata));
  }
  const read: Read = isOneLine(joined) ? { events, texts } : { events };
  return ownWarningsJson === "" ? read : { ...read, ownWarnings: JSON.parse(ownWarningsJson) as string[][] };
}

/**
 * A value whose data and metadata are parsed when they are asked for, once each, so that of many events one at a time
 * takes the memory.
 */
function lazyValue(
  head: Omit<LeavingValue, "data" | "metadata">,
  data: string,
  metadata: string,
): LeavingValue {
  return {
    ...head,
    get data() {
      return data === "" ? undefined : (JSON.parse(data) as unknown);
    },
    get metadata() {
      return metadata === "" ? undefined : (JSON.parse(metadata) as unknown);
    },
  };
}

/** `JSON.stringify` writes one line: text of several was never its, and is written anew. */
function isOneLine(text: string): boolean {
  return !text.includes("\n");
}

function readFault(
  words: Int32Array,
  slot: number,
  message: string,
  file: string,
  stack: string,
): EventFault {
  const code = guestFaults[words[slot + slotWords.detail] as number] ?? "UNCAUGHT";
  const mark = stageMarks[words[slot + slotWords.stage] as number];
  const stage = mark === undefined || mark === "none" || mark === "load" ? "decode" : mark;
  const fault: EventFault = { stage, type: rejectionCodes[code].type, code, message };
  if (file === "") return fault;
  const location = {
    file,
    line: words[slot + slotWords.line] as number,
    column: words[slot + slotWords.column] as number,
  };
  return stack === "" ? { ...fault, location } : { ...fault, location, stack };
}
