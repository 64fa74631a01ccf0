import type { EventMetadata, FileFactory } from "./entry-points.ts";
import { placelessFault, type GuestFault } from "./guest-fault.ts";
import { droppedKeys, leave } from "./leaving.ts";
import {
  createList,
  freeze,
  jsonParse,
  jsonStringify,
  NativeFloat64Array,
  NativeInt32Array,
  NativeUint8Array,
  stringSlice,
  wallClockMs,
} from "./primordials.ts";
import type { Realm, RealmUse } from "./realm.ts";
import { createdKinds, guestFaults, markWords, slotKinds, slotOf, slotWords, stageMarks } from "./slots.ts";
import { runStage, startRun, type EventRun, type LoadedTemplate, type Stage } from "./stage-run.ts";

/** Float64 and Int32 words an event in the crossing's block, as the executor writes them. */
const timesPerEvent = 2;
const wordsPerEvent = 8;
const stages = ["decode", "validate", "transform"] as const;

/** What the executor calls. All of it runs inside the limits of the call. */
export interface GuestCrossing {
  /** Says what the next events belong to. `files` serve decode, validate and transform, in this order. */
  useTemplate(
    orgId: string,
    templateId: string,
    templateVersion: string,
    dialect: LoadedTemplate["dialect"],
    ...files: (FileFactory | undefined)[]
  ): void;
  /** Takes the events of a crossing: strings end to end, JSON payloads end to end, numbers and other payloads. */
  take(count: number, text: string, jsonText: string, block: ArrayBuffer): void;
  /** Runs all events through all stages, up to one that is doubtful; returns the result text of those before. */
  runAll(count: number, text: string, jsonText: string, block: ArrayBuffer): string;
  /**
   * Runs one part of the first event: its set-up, a stage, or its way out. Whether there is more to run; after its way
   * out, whether the event stands.
   */
  step(part: "start" | Stage | "leave"): boolean;
  /** The result text so far: of the events before the mark, when a call was stopped. */
  drain(): string;
}

interface Cursor {
  text: string;
  jsonText: string;
  times: Float64Array;
  words: Int32Array;
  payloads: Uint8Array;
  textAt: number;
  jsonAt: number;
  payloadAt: number;
}

/** Creates the part of a context that takes crossings. `slots` is the isolate's shared memory. */
export function createCrossing(
  realm: Realm,
  makeBuffer: (bytes: Uint8Array, start: number, length: number) => Uint8Array,
  slots: SharedArrayBuffer,
  use: RealmUse,
): GuestCrossing {
  const words = new NativeInt32Array(slots);
  const created = new NativeFloat64Array(1);
  const createdWords = new NativeInt32Array(created.buffer);
  let template: LoadedTemplate | undefined;
  let cursor: Cursor | undefined;
  let out = "";
  let run: EventRun | undefined;
  let consoleLines = createList<object>();
  let debug = false;

  const start = (index: number): void => {
    const at = cursor as Cursor;
    const loaded = template as LoadedTemplate;
    const base = index * wordsPerEvent;
    const assetId = nextText(at, base);
    const eventId = nextText(at, base + 1);
    const time = nextText(at, base + 2);
    const headers = nextText(at, base + 3);
    const attributes = nextText(at, base + 4);
    debug = at.words[base + 7] === 1;
    if (debug) consoleLines = createList();
    realm.begin(
      at.times[index * timesPerEvent] as number,
      `${loaded.orgId}\n${loaded.templateId}\n${eventId}`,
      debug ? "on" : "off",
    );
    const metadata: EventMetadata = {
      orgId: loaded.orgId,
      assetId,
      templateId: loaded.templateId,
      templateVersion: loaded.templateVersion,
      eventId,
      time,
      headers: headers === "{}" ? {} : (jsonParse(headers) as Record<string, string>),
      attributes: attributes === "{}" ? {} : (jsonParse(attributes) as Record<string, unknown>),
      secrets: {},
    };
    run = takePayload(at, base, metadata);
  };

  const takePayload = (at: Cursor, base: number, metadata: EventMetadata): EventRun => {
    const length = at.words[base + 6] as number;
    const kind = at.words[base + 5];
    if (kind === 0) {
      const buffer = makeBuffer(at.payloads, at.payloadAt, length);
      at.payloadAt += length;
      return startRun(buffer, undefined, metadata);
    }
    const text = stringSlice(at.jsonText, at.jsonAt, at.jsonAt + length);
    at.jsonAt += length;
    const started = startRun(undefined, text, metadata);
    try {
      if (kind === 1) started.value = jsonParse(text);
      else started.fault = placelessFault("PAYLOAD_NOT_JSON", "the payload is not UTF-8, which JSON must be");
    } catch (thrown) {
      const { message } = thrown as Error;
      started.fault = placelessFault("PAYLOAD_NOT_JSON", `the payload is not JSON: ${message}`);
    }
    return started;
  };

  const stage = (name: Stage, number: number): boolean => {
    const current = run as EventRun;
    if (current.fault !== undefined) return false;
    words[markWords.stage] = number;
    runStage(template as LoadedTemplate, current, name);
    if (debug) keepConsole(stageMarks[number] as string);
    return current.fault === undefined;
  };

  const keepConsole = (name: string): void => {
    const lines = realm.takeConsole();
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index] as { level: string; text: string };
      consoleLines[consoleLines.length] = {
        __proto__: null,
        stage: name,
        level: line.level,
        text: line.text,
      };
    }
  };

  /** Whether the event stands. One that does not leaves nothing but its slot's kind. */
  const finish = (index: number, faultStage: number): boolean => {
    const before = out;
    const current = run as EventRun;
    let stageNumber = faultStage;
    const slot = slotOf(index);
    if (current.fault === undefined) {
      words[markWords.stage] = 4;
      stageNumber = 4;
      if (debug) noteDropped(current);
      current.fault = writeLeaving(slot, current);
    }
    if (current.fault !== undefined) writeFault(slot, current.fault, stageNumber);
    const warnings = current.warnings.length === 0 ? "" : jsonStringify(current.warnings);
    const lines = debug && consoleLines.length > 0 ? jsonStringify(consoleLines) : "";
    words[slot + slotWords.warnings] = warnings.length;
    words[slot + slotWords.console] = lines.length;
    out += warnings + lines;
    run = undefined;
    words[markWords.stage] = 0;
    if (realm.end() === "doubtful") {
      words[slot] = slotKinds.doubtful;
      out = before;
      return false;
    }
    words[markWords.event] = index + 1;
    return true;
  };

  const noteDropped = (current: EventRun): void => {
    const dropped = droppedKeys(current.value);
    if (dropped === "") return;
    const text = `keys of the result that do not leave: ${dropped}`;
    consoleLines[consoleLines.length] = { __proto__: null, stage: "output", level: "warn", text };
  };

  const writeLeaving = (slot: number, current: EventRun): GuestFault | undefined => {
    const leaving = leave(current.value, current.warnings);
    if ("code" in leaving) return leaving;
    words[slot + slotWords.first] = leaving.first.length;
    words[slot + slotWords.second] = leaving.second.length;
    words[slot + slotWords.third] = leaving.third.length;
    out += leaving.first + leaving.second + leaving.third;
    switch (leaving.kind) {
      case "filtered":
        words[slot] = slotKinds.filtered;
        return undefined;
      case "json-one":
      case "json-many":
        words[slot] = slotKinds.json;
        words[slot + slotWords.detail] = leaving.kind === "json-many" ? 1 : 0;
        return undefined;
      case "fast":
        words[slot] = slotKinds.fast;
        words[slot + slotWords.detail] =
          leaving.created === undefined ? createdKinds.absent : createdKinds.number;
        if (leaving.created !== undefined) {
          created[0] = leaving.created;
          words[slot + slotWords.line] = createdWords[0] as number;
          words[slot + slotWords.column] = createdWords[1] as number;
        }
        return undefined;
    }
  };

  const writeFault = (slot: number, fault: GuestFault, stageNumber: number): void => {
    words[slot] = slotKinds.fault;
    words[slot + slotWords.first] = fault.message.length;
    words[slot + slotWords.second] = fault.file.length;
    words[slot + slotWords.third] = fault.stack.length;
    words[slot + slotWords.line] = fault.line;
    words[slot + slotWords.column] = fault.column;
    words[slot + slotWords.stage] = stageNumber;
    for (let index = 0; index < guestFaults.length; index += 1) {
      if (guestFaults[index] === fault.code) words[slot + slotWords.detail] = index;
    }
    out += fault.message + fault.file + fault.stack;
  };

  const take: GuestCrossing["take"] = (count, text, jsonText, block) => {
    const timesBytes = count * timesPerEvent * 8;
    cursor = {
      text,
      jsonText,
      times: new NativeFloat64Array(block, 0, count * timesPerEvent),
      words: new NativeInt32Array(block, timesBytes, count * wordsPerEvent),
      payloads: new NativeUint8Array(block, timesBytes + count * wordsPerEvent * 4),
      textAt: 0,
      jsonAt: 0,
      payloadAt: 0,
    };
    out = "";
    words[markWords.event] = 0;
    words[markWords.stage] = 0;
  };

  return {
    useTemplate: (orgId, templateId, templateVersion, dialect, decode, validate, transform) => {
      template = { orgId, templateId, templateVersion, dialect, decode, validate, transform };
      if (use !== "sealed") return;
      closeFactory(decode);
      closeFactory(validate);
      closeFactory(transform);
    },
    take,
    runAll: (count, text, jsonText, block) => {
      take(count, text, jsonText, block);
      let before = wallClockMs();
      for (let index = 0; index < count; index += 1) {
        words[markWords.stage] = 1;
        start(index);
        let reached = 1;
        for (let number = 1; number <= 3; number += 1) {
          reached = number;
          if (!stage(stages[number - 1] as Stage, number)) break;
        }
        if (!finish(index, reached)) break;
        const after = wallClockMs();
        words[slotOf(index) + slotWords.elapsedMs] = after - before;
        before = after;
      }
      return out;
    },
    step: (part) => {
      switch (part) {
        case "start":
          words[markWords.stage] = 1;
          start(0);
          return run?.fault === undefined;
        case "leave":
          return finish(0, words[markWords.stage] as number);
        default:
          return stage(part, part === "decode" ? 1 : part === "validate" ? 2 : 3);
      }
    },
    drain: () => out,
  };
}

/** A sloppy file reaches its own wrapper by `arguments.callee`, which must not carry anything to the next event. */
function closeFactory(factory: FileFactory | undefined): void {
  if (factory === undefined) return;
  freeze((factory as { prototype?: object }).prototype ?? factory);
  freeze(factory);
}

function nextText(at: Cursor, word: number): string {
  const start = at.textAt;
  at.textAt = start + (at.words[word] as number);
  return stringSlice(at.text, start, at.textAt);
}
