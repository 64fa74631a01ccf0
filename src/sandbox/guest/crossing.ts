import {
  clockOf,
  openArrivals,
  readMetadata,
  readPayload,
  wantsDebug,
  type Arrivals,
  type MakeBuffer,
} from "./arriving.ts";
import type { FileFactory } from "./entry-points.ts";
import { isFault, type GuestFault } from "./guest-fault.ts";
import { droppedKeyWarnings, leave } from "./leaving.ts";
import {
  createList,
  freeze,
  jsonStringify,
  NativeFloat64Array,
  NativeInt32Array,
  wallClockMs,
} from "./primordials.ts";
import type { Realm, RealmUse } from "./realm.ts";
import { createdKinds, guestFaults, markWords, slotKinds, slotOf, slotWords, stageMarks } from "./slots.ts";
import { runStage, type EventRun, type LoadedTemplate, type Stage } from "./stage-run.ts";

const stages = ["decode", "validate", "transform"] as const;

/** Strings end to end, and JSON payloads end to end; the block beside them has numbers and other payloads. */
export type CrossingTexts = readonly [text: string, jsonText: string];

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
  /** Takes the events of a crossing. */
  take(count: number, texts: CrossingTexts, block: ArrayBuffer): void;
  /** Runs all events through all stages, up to one that is doubtful; the one text is the result of those before. */
  runAll(count: number, texts: CrossingTexts, block: ArrayBuffer): readonly [result: string];
  /**
   * Runs one part of the first event: its set-up, a stage, or its way out. Whether there is more to run; after its way
   * out, whether the event stands.
   */
  step(part: "start" | Stage | "leave"): boolean;
  /** The result text so far: of the events before the mark, when a call was stopped. */
  drain(): string;
}

/** Creates the part of a context that takes crossings. `slots` is the isolate's shared memory. */
export function createCrossing(
  realm: Realm,
  makeBuffer: MakeBuffer,
  slots: SharedArrayBuffer,
  use: RealmUse,
): GuestCrossing {
  const words = new NativeInt32Array(slots);
  const created = new NativeFloat64Array(1);
  const createdWords = new NativeInt32Array(created.buffer);
  let template: LoadedTemplate | undefined;
  let arrivals: Arrivals | undefined;
  let out = "";
  let run: EventRun | undefined;
  let consoleLines = createList<object>();
  let debug = false;

  const start = (index: number): void => {
    const at = arrivals as Arrivals;
    const loaded = template as LoadedTemplate;
    debug = wantsDebug(at, index);
    if (debug) consoleLines = createList();
    const metadata = readMetadata(at, index, loaded);
    const seed = `${loaded.orgId}\n${loaded.templateId}\n${metadata.eventId}`;
    realm.begin(clockOf(at, index), seed, debug ? "on" : "off");
    run = readPayload(at, index, metadata, makeBuffer);
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
      current.fault = writeLeaving(slot, current);
      if (debug && current.fault === undefined) noteDropped(current);
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
    const texts = droppedKeyWarnings(current.value);
    for (let index = 0; index < texts.length; index += 1) {
      const text = texts[index];
      consoleLines[consoleLines.length] = { __proto__: null, stage: "output", level: "warn", text };
    }
  };

  const writeLeaving = (slot: number, current: EventRun): GuestFault | undefined => {
    const leaving = leave(current.value, current.warnings);
    if (isFault(leaving)) return leaving;
    words[slot + slotWords.first] = leaving.first.length;
    words[slot + slotWords.second] = leaving.second.length;
    words[slot + slotWords.third] = leaving.third.length;
    out += leaving.first + leaving.second + leaving.third;
    switch (leaving.kind) {
      case "filtered":
        words[slot] = slotKinds.filtered;
        return undefined;
      case "json":
        words[slot] = slotKinds.json;
        return undefined;
      case "many":
        words[slot] = slotKinds.many;
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
    words[slot + slotWords.third] = debug ? fault.stack.length : 0;
    words[slot + slotWords.line] = fault.line;
    words[slot + slotWords.column] = fault.column;
    words[slot + slotWords.stage] = stageNumber;
    for (let index = 0; index < guestFaults.length; index += 1) {
      if (guestFaults[index] === fault.code) words[slot + slotWords.detail] = index;
    }
    out += fault.message + fault.file + (debug ? fault.stack : "");
  };

  const take: GuestCrossing["take"] = (count, texts, block) => {
    // By index: an author may have changed how arrays are iterated.
    arrivals = openArrivals(count, texts[0], texts[1], block);
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
    runAll: (count, texts, block) => {
      take(count, texts, block);
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
      return [out];
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
