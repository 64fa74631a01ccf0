import type { EventFault } from "../model/script-fault.ts";
import type { EvaExtractor } from "./eva.ts";
import { createContentReader, outputFault } from "./event-content.ts";
import type { ContentContext } from "./event-content.ts";
import { createTimestampWriter } from "./timestamp-text.ts";

/** Most events that `transform` may make of one raw event. It bounds what one commit must hold for one record. */
export const eventsPerRawEvent = 100;

/** What the maker knows of the raw event. */
export interface LeavingEvent {
  readonly eventId: string;
  readonly assetId: string;
  readonly timeMs: number;
  readonly ingestedMs: number;
}

/** One event as a script gave it; nothing in it is certain but that it was parsed from JSON. */
export interface LeavingValue {
  readonly eventType?: unknown;
  readonly data?: unknown;
  readonly metadata?: unknown;
  readonly created?: unknown;
}

/** What a guest hands out for one raw event, parsed from JSON. Every field is the script's: nothing in it is certain. */
export interface Leaving {
  /** `one`: `transform` returned an object; `many`: it returned an array. */
  readonly shape: "one" | "many";
  readonly events: readonly LeavingValue[];
  /**
   * For each event the JSON text, in one line, from which `data` and `metadata` were parsed, so that they are not
   * written anew. It is used only where what was parsed has nothing that JSON would write otherwise.
   */
  readonly texts?: readonly GivenTexts[];
  /** A codec's warnings, and of `one` notes about numbers that were not finite; they go to each of the events. */
  readonly warnings: readonly string[];
  /** Of `many`: notes about numbers that were not finite, those of each event at its index. */
  readonly ownWarnings?: readonly (readonly string[])[];
}

export interface GivenTexts {
  readonly data: string;
  readonly metadata: string;
}

/** What becomes of a raw event whose scripts ran through. `values` are finished standard events, JSON text. */
export type Made =
  | { readonly kind: "events"; readonly shape: "one" | "many"; readonly values: string[] }
  | { readonly kind: "filtered" }
  | { readonly kind: "fault"; readonly fault: EventFault };

export interface StandardEventMaker {
  /** All events of one raw event, or one fault for all. Never throws for anything that `leaving` may hold. */
  make(event: LeavingEvent, leaving: Leaving): Made;
}

export interface StandardEventMakerOptions {
  readonly orgId: string;
  readonly templateId: string;
  readonly templateVersion: string;
  readonly eva: EvaExtractor;
  /** Largest finished standard event, bytes of UTF-8. */
  readonly outputBytes: number;
}

/** One raw event on its way out: what all of its standard events share. */
interface Raw {
  readonly event: LeavingEvent;
  readonly ingested: string;
  readonly context: ContentContext;
}

/**
 * Makes finished standard events of one template version, as JSON text whose keys stand in the contract's order. The
 * envelope is written from the executor's own values around what the script gave. A maker keeps small caches of text
 * and belongs to one thread; they never decide an outcome.
 */
export function createStandardEventMaker(options: StandardEventMakerOptions): StandardEventMaker {
  const makeOne = createOneMaker(options);
  const writeTime = createTimestampWriter();
  const writeIngested = createTimestampWriter();
  const make = (event: LeavingEvent, leaving: Leaving): Made => {
    const { shape, events } = leaving;
    if (!isList(events))
      return { kind: "fault", fault: outputFault("TRANSFORM_RESULT", "what left is no list of events") };
    if (shape === "many" && events.length === 0) return { kind: "filtered" };
    if (events.length > eventsPerRawEvent) return { kind: "fault", fault: tooMany(events.length) };
    const time = writeTime(event.timeMs);
    const ingested = event.ingestedMs === event.timeMs ? time : writeIngested(event.ingestedMs);
    const raw: Raw = { event, ingested, context: { time, warnings: leaving.warnings } };
    if (shape === "one") {
      const made = makeOne(raw, events[0], undefined, leaving.texts?.[0]);
      return typeof made === "string"
        ? { kind: "events", shape, values: [made] }
        : { kind: "fault", fault: made };
    }
    const values: string[] = [];
    for (const [index, value] of events.entries()) {
      const context = { ...raw.context, ownWarnings: leaving.ownWarnings?.[index] };
      const made = makeOne({ ...raw, context }, value, index, leaving.texts?.[index]);
      if (typeof made !== "string")
        return { kind: "fault", fault: { ...made, message: `event ${index}: ${made.message}` } };
      values.push(made);
    }
    return { kind: "events", shape, values };
  };
  return { make };
}

type OneMaker = (
  raw: Raw,
  value: unknown,
  index: number | undefined,
  texts: GivenTexts | undefined,
) => string | EventFault;

function createOneMaker(options: StandardEventMakerOptions): OneMaker {
  const { orgId, templateId, templateVersion, eva, outputBytes } = options;
  const orgJson = `,"orgId":${JSON.stringify(orgId)},"assetId":`;
  const templateJson = `,"templateId":${JSON.stringify(templateId)},"templateVersion":${JSON.stringify(templateVersion)}}`;
  const readContent = createContentReader();

  return ({ event, ingested, context }, value, index, texts) => {
    const content = readContent(value, context);
    if (content.kind === "fault") return content.fault;
    const { eventType, eventTypeJson, created, data, metadata, warnings } = content;
    const asGiven = content.numbers === "finite" ? texts : undefined;
    const { assetId } = event;
    const eventId = index === undefined ? event.eventId : `${event.eventId}.${index}`;
    const envelope = { schemaVersion: 1, eventId, eventType, created, ingested, data, metadata };
    const found = eva.extract({ ...envelope, orgId, assetId, templateId, templateVersion });
    if (found.missing !== undefined) return outputFault("EVA_REQUIRED", found.missing);
    if (found.warnings.length > 0) warnings.push(...found.warnings);

    let json = `{"schemaVersion":1,"eventId":${quote(eventId)},"eventType":${eventTypeJson},"created":"${created}"`;
    json += `,"ingested":"${ingested}","data":${asGiven?.data ?? JSON.stringify(data)}`;
    if (metadata !== undefined) json += `,"metadata":${asGiven?.metadata ?? JSON.stringify(metadata)}`;
    if (found.evaJson !== undefined) json += `,"eva":${found.evaJson}`;
    if (warnings.length > 0) json += `,"warnings":${JSON.stringify(warnings)}`;
    json += orgJson + quote(assetId) + templateJson;
    return sizeProblem(json, outputBytes) ?? json;
  };
}

/** `JSON.stringify` of an id; ids hardly ever hold what must be escaped, and looking costs a third of the call. */
function quote(id: string): string {
  for (let at = 0; at < id.length; at += 1) {
    const unit = id.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return JSON.stringify(id);
  }
  return `"${id}"`;
}

function sizeProblem(json: string, limitBytes: number): EventFault | undefined {
  // A UTF-16 unit takes one to three bytes, so that most events need no count.
  if (json.length * 3 <= limitBytes) return undefined;
  const bytes = Buffer.byteLength(json, "utf8");
  if (bytes <= limitBytes) return undefined;
  return outputFault("TOO_LARGE", `the finished event has ${bytes} bytes, at most ${limitBytes} are allowed`);
}

function tooMany(count: number): EventFault {
  return outputFault(
    "TOO_MANY_EVENTS",
    `\`transform\` returned ${count} events, at most ${eventsPerRawEvent} are allowed`,
  );
}

/** Whether a list that is promised is one; unlike `Array.isArray` it leaves the promised type as it is. */
function isList(value: readonly unknown[]): boolean {
  return Array.isArray(value);
}
