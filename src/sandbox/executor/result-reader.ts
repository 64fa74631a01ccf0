import { rejectionCodes } from "../../model/contract.ts";
import type { ConsoleLine, EventFault } from "../../model/script-fault.ts";
import type { Leaving, LeavingEvent, LeavingValue, StandardEventMaker } from "../../outlet/standard-event.ts";
import {
  eventStride,
  eventWords,
  textLengthOf,
  wordsOffset,
  type CrossingRequest,
} from "../crossing-frame.ts";
import { createdKinds, guestFaults, slotKinds, slotOf, slotWords, stageMarks } from "../guest/slots.ts";
import type { ExecutorResult } from "../results-frame.ts";

/** Reads what a guest left in its slots and its result text; all that it says is checked or parsed here. */
export interface ResultReader {
  /** Results of the events from 0 up to `count`, which have all been finished by the guest. */
  read(request: CrossingRequest, count: number, text: string): ExecutorResult[];
}

interface Cut {
  text: string;
  at: number;
}

const stamp = new Float64Array(1);
const stampWords = new Int32Array(stamp.buffer);

export function createResultReader(words: Int32Array, maker: StandardEventMaker): ResultReader {
  const readOne = (slot: number, cut: Cut, event: LeavingEvent): ExecutorResult => {
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
      case slotKinds.json: {
        const warnings = warningsJson === "" ? noWarnings : (JSON.parse(warningsJson) as string[]);
        const leaving =
          words[slot] === slotKinds.fast
            ? readFast(words, slot, first, second, third, warnings)
            : readJson(words, slot, first, warnings);
        const made = maker.make(event, leaving);
        if (made.kind === "fault") return { kind: "fault", fault: made.fault, ...lines };
        if (made.kind === "filtered") return { kind: "filtered", ...lines };
        return { kind: "standard", shape: made.shape, values: made.values, ...lines };
      }
      default:
        throw new Error(`a guest left a slot of the unknown kind ${words[slot]}`);
    }
  };

  return {
    read: (request, count, text) => {
      const cut: Cut = { text, at: 0 };
      const times = new Float64Array(request.numbers, 0, request.count * 2);
      const numbers = new Int32Array(
        request.numbers,
        wordsOffset(request.count),
        request.count * eventStride,
      );
      const results: ExecutorResult[] = [];
      let textAt = 0;
      for (let index = 0; index < count; index += 1) {
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
        results.push(readOne(slotOf(index), cut, event));
      }
      return results;
    },
  };
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

function readFast(
  words: Int32Array,
  slot: number,
  eventType: string,
  data: string,
  metadata: string,
  warnings: readonly string[],
): Leaving {
  const value: { eventType: unknown; data?: unknown; metadata?: unknown; created?: unknown } = { eventType };
  if (data !== "") value.data = JSON.parse(data);
  if (metadata !== "") value.metadata = JSON.parse(metadata);
  if (words[slot + slotWords.detail] === createdKinds.number) {
    stampWords[0] = words[slot + slotWords.line] as number;
    stampWords[1] = words[slot + slotWords.column] as number;
    value.created = stamp[0];
  }
  return { shape: "one", events: [value], warnings };
}

function readJson(words: Int32Array, slot: number, json: string, warnings: readonly string[]): Leaving {
  const shape = words[slot + slotWords.detail] === 1 ? "many" : "one";
  return { shape, events: JSON.parse(json) as LeavingValue[], warnings };
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
