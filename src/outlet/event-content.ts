import type { EventFault } from "../model/script-fault.ts";
import { isContractTime } from "../model/timestamp.ts";
import { inspectJson, isJsonObject, kindOf } from "./json-shape.ts";
import { createTimestampNormalizer, createTimestampWriter } from "./timestamp-text.ts";

/**
 * Deepest nesting of `data` and of `metadata`, themselves counted. It protects readers whose parsers recurse, ours
 * among them; more would cost stack in every one of them.
 */
export const nestingLevels = 64;

/** Longest `eventType`, characters. Readers use it as a key, a header value and a metric's label. */
const eventTypeCharacters = 256;

/** What a script gave for one standard event, checked. */
export interface EventContent {
  readonly kind: "content";
  readonly eventType: string;
  readonly eventTypeJson: string;
  /** As the contract writes a moment. */
  readonly created: string;
  readonly data: object;
  readonly metadata: object | undefined;
  /** Whether all numbers in them are finite: what is not is written as null. */
  readonly numbers: "finite" | "lost";
  /** A fresh list, for what else is found in this event is added to it. */
  readonly warnings: string[];
}

/** What stands beside the value: but for `ownWarnings` the same for all events of one raw event. */
export interface ContentContext {
  /** `created` where the script gave none. */
  readonly time: string;
  /** Promised to be a list of strings, and not relied on to be one. */
  readonly warnings: readonly string[];
  /** Those of one event of several; promised and relied on just as little. */
  readonly ownWarnings?: readonly string[] | undefined;
}

export type ContentReader = (
  value: unknown,
  context: ContentContext,
) => EventContent | { readonly kind: "fault"; readonly fault: EventFault };

/** Reads one event of what left a guest, as parsed JSON. It keeps small caches of text and belongs to one thread. */
export function createContentReader(): ContentReader {
  const readEventType = createEventTypeReader();
  const readCreated = createCreatedReader();
  return (value, context) => {
    if (!isJsonObject(value)) {
      return refuse(outputFault("TRANSFORM_RESULT", "what `transform` returned is not an object"));
    }
    const { eventType, data, metadata, created: givenCreated } = value;
    const eventTypeJson = readEventType(eventType);
    if (typeof eventTypeJson !== "string") return refuse(eventTypeJson);
    if (!isJsonObject(data))
      return refuse(outputFault("BAD_DATA", `\`data\` must be an object, found ${kindOf(data)}`));
    if (isEmpty(data)) return refuse(outputFault("BAD_DATA", "`data` is empty"));
    if (metadata !== undefined && !isJsonObject(metadata)) {
      return refuse(outputFault("BAD_METADATA", `\`metadata\` must be an object, found ${kindOf(metadata)}`));
    }
    const created = givenCreated === undefined ? context.time : readCreated(givenCreated);
    if (typeof created !== "string") return refuse(created);
    const warnings = readWarnings(context.warnings);
    if (context.ownWarnings !== undefined) warnings.push(...readWarnings(context.ownWarnings));
    const known = warnings.length;
    const tooDeep =
      inspectJson("data", data, nestingLevels, warnings) ??
      inspectJson("metadata", metadata, nestingLevels, warnings);
    if (tooDeep !== undefined) return refuse(outputFault("TOO_DEEP", tooDeep));
    return {
      kind: "content",
      eventType: eventType as string,
      eventTypeJson,
      created,
      data,
      metadata,
      numbers: warnings.length === known ? "finite" : "lost",
      warnings,
    };
  };
}

/** A fault of the output stage. */
export function outputFault(code: EventFault["code"], message: string): EventFault {
  return { stage: "output", type: "output", code, message };
}

function refuse(fault: EventFault): { readonly kind: "fault"; readonly fault: EventFault } {
  return { kind: "fault", fault };
}

/** JSON text of a good `eventType`. A template has few of them, so the last one is kept. */
function createEventTypeReader(): (eventType: unknown) => string | EventFault {
  let last = "";
  let lastJson = "";
  return (eventType) => {
    if (eventType === last && lastJson !== "") return lastJson;
    const problem = eventTypeProblem(eventType);
    if (problem !== undefined) return outputFault("BAD_EVENT_TYPE", problem);
    lastJson = JSON.stringify(eventType);
    // A copy: the text as it came may be a slice that would keep all results of its crossing in memory.
    last = JSON.parse(lastJson) as string;
    return lastJson;
  };
}

const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;

function eventTypeProblem(eventType: unknown): string | undefined {
  if (eventType === undefined) return "`eventType` is missing";
  if (typeof eventType !== "string") return `\`eventType\` must be a string, found ${kindOf(eventType)}`;
  if (eventType === "") return "`eventType` is empty";
  if (controlCharacter.test(eventType)) return "`eventType` holds a control character";
  // A character takes at most two units, so that most texts need no count.
  if (eventType.length <= eventTypeCharacters) return undefined;
  const characters = eventType.length > 2 * eventTypeCharacters ? eventType.length : [...eventType].length;
  if (characters <= eventTypeCharacters) return undefined;
  return `\`eventType\` has ${characters} characters, at most ${eventTypeCharacters} are allowed`;
}

function createCreatedReader(): (created: unknown) => string | EventFault {
  const normalize = createTimestampNormalizer();
  const write = createTimestampWriter();
  return (created) => {
    switch (typeof created) {
      case "number":
        if (isContractTime(created)) return write(created);
        return outputFault(
          "BAD_CREATED",
          "`created` is a number outside the years 0000 to 9999 in milliseconds since 1970",
        );
      case "string": {
        const text = normalize(created);
        if (text !== undefined) return text;
        return outputFault(
          "BAD_CREATED",
          "`created` is a string but not ISO 8601 with a zone, years 0000 to 9999",
        );
      }
      default:
        return outputFault(
          "BAD_CREATED",
          `\`created\` must be a Date, a number or a string, found ${kindOf(created)}`,
        );
    }
  };
}

function readWarnings(warnings: unknown): string[] {
  if (!Array.isArray(warnings)) return [];
  return warnings.map((warning: unknown) =>
    typeof warning === "string" ? warning : JSON.stringify(warning),
  );
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
