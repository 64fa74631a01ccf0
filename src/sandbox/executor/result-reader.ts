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

/** Reads what a guest left in its slots and its result text; all that it says is checked or parsed here. */
export function readResults(
  { request, finished, slots, text }: CrossingRemains,
  maker: StandardEventMaker,
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
    results.push(readResult(slots, index * slotStride, cut, { event, maker }));
  }
  return results;
}

interface Making {
  readonly event: LeavingEvent;
  readonly maker: StandardEventMaker;
}

function readResult(words: Int32Array, slot: number, cut: Cut, { event, maker }: Making): ExecutorResult {
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
      const leaving = readLeaving(words, slot, [first, second, third], warnings);
      const made = maker.make(event, leaving);
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

function readLeaving(words: Int32Array, slot: number, parts: Parts, warnings: readonly string[]): Leaving {
  switch (words[slot]) {
    case slotKinds.fast:
      return { shape: "one", warnings, ...readFast(words, slot, parts) };
    case slotKinds.many:
      return { shape: "many", warnings, ...readMany(parts) };
    default:
      return { shape: "one", warnings, events: JSON.parse(parts[0]) as LeavingValue[] };
  }
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

function readMany([joined, ownWarningsJson, headsJson]: Parts): Read {
  const cut: Cut = { text: joined, at: 0 };
  const texts: { data: string; metadata: string }[] = [];
  const events = (JSON.parse(headsJson) as Head[]).map(
    ({ data: dataUnits, metadata: metadataUnits, ...head }) => {
      const data = take(cut, dataUnits ?? 0);
      const metadata = take(cut, metadataUnits ?? 0);
      texts.push({ data, metadata });
      const value: Mutable<LeavingValue> = head;
      if (data !== "") value.data = JSON.parse(data);
      if (metadata !== "") value.metadata = JSON.parse(metadata);
      return value;
    },
  );
  const read: Read = isOneLine(joined) ? { events, texts } : { events };
  return ownWarningsJson === "" ? read : { ...read, ownWarnings: JSON.parse(ownWarningsJson) as string[][] };
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
