import {
  createList,
  dateGetTime,
  getOwnPropertyDescriptor,
  hasOwn,
  isArray,
  jsonStringify,
  NativeDate,
  numberIsFinite,
  ownKeys,
  stringIndexOf,
} from "./primordials.ts";
import { placelessFault, thrownFault, type GuestFault } from "./guest-fault.ts";
import { isProxy } from "./proxies.ts";

/** Most events one raw event may become; the executor's host side checks it again. */
const mostEvents = 100;
/** Most warnings about lost numbers in one event: they shall not make an event of many such numbers too large. */
const mostNotes = 15;
/** Most dropped keys that are named. */
const mostKeys = 20;

/** One event on its way out of the guest, as text. */
export interface LeavingText {
  readonly kind: "fast" | "json" | "many" | "filtered";
  readonly first: string;
  /** Of `many`: JSON of each event's own warnings, or nothing where none has any. */
  readonly second: string;
  readonly third: string;
  /** Epoch milliseconds where `created` was a number or a Date. */
  readonly created: number | undefined;
}

type Bag = Record<string, unknown>;

const filtered: LeavingText = { kind: "filtered", first: "", second: "", third: "", created: undefined };

/** What `transform` returned, as text that the executor parses. Warnings about lost numbers are added to `warnings`. */
export function leave(result: unknown, warnings: string[]): LeavingText | GuestFault {
  try {
    if (isArray(result)) return leaveMany(result as unknown[]);
    if (typeof result !== "object" || result === null) {
      return placelessFault(
        "TRANSFORM_RESULT",
        `transform must return an object or an array, it returned ${kindOf(result)}`,
      );
    }
    const { eventType, data, metadata, created: given } = result as Bag;
    const created = readCreated(given);
    if (typeof created === "object") return badCreated("", created.unfit);
    if (typeof eventType === "string" && typeof created !== "string") {
      const second = stringified("data", data, warnings);
      const third = metadata === undefined ? "" : stringified("metadata", metadata, warnings);
      return { kind: "fast", first: eventType, second, third, created };
    }
    const first = `[${leavingJson(eventType, data, metadata, created, warnings)}]`;
    return { kind: "json", first, second: "", third: "", created: undefined };
  } catch (thrown) {
    return thrownFault(thrown, "NOT_SERIALIZABLE");
  }
}

function leaveMany(results: unknown[]): LeavingText | GuestFault {
  const count = results.length;
  if (count === 0) return filtered;
  if (count > mostEvents) {
    return placelessFault(
      "TOO_MANY_EVENTS",
      `transform returned ${count} events, at most ${mostEvents} are allowed`,
    );
  }
  let texts = "";
  let heads = "[";
  let notes = "[";
  let noted = false;
  for (let index = 0; index < count; index += 1) {
    const result = results[index];
    if (typeof result !== "object" || result === null || isArray(result)) {
      return placelessFault(
        "TRANSFORM_RESULT",
        `event ${index}: transform must return objects, this is ${kindOf(result)}`,
      );
    }
    const { eventType, data, metadata, created: given } = result as Bag;
    const created = readCreated(given);
    if (typeof created === "object") return badCreated(`event ${index}: `, created.unfit);
    const own = createList<string>();
    const comma = index === 0 ? "" : ",";
    const dataText = stringified("data", data, own);
    const metadataText = metadata === undefined ? "" : stringified("metadata", metadata, own);
    texts += dataText + metadataText;
    heads += comma + leavingHead(eventType, dataText, metadataText, created);
    notes += comma + (own.length === 0 ? "[]" : jsonStringify(own));
    noted ||= own.length > 0;
  }
  const second = noted ? `${notes}]` : "";
  return { kind: "many", first: texts, second, third: `${heads}]`, created: undefined };
}

/** What stands before the texts of one event of several: its type, its time, and how long the texts are. */
function leavingHead(
  eventType: unknown,
  dataText: string,
  metadataText: string,
  created: number | string | undefined,
): string {
  let json = member("{", "eventType", stringified("eventType", eventType, createList()));
  if (created !== undefined)
    json = member(json, "created", typeof created === "string" ? created : jsonStringify(created));
  if (dataText !== "") json = member(json, "data", jsonStringify(dataText.length));
  if (metadataText !== "") json = member(json, "metadata", jsonStringify(metadataText.length));
  return `${json}}`;
}

/** Written piece by piece: a `toJSON` on `Object.prototype` would replace an envelope that is stringified whole. */
function leavingJson(
  eventType: unknown,
  data: unknown,
  metadata: unknown,
  created: number | string | undefined,
  warnings: string[],
): string {
  let json = "{";
  json = member(json, "eventType", stringified("eventType", eventType, warnings));
  json = member(json, "data", stringified("data", data, warnings));
  if (metadata !== undefined) json = member(json, "metadata", stringified("metadata", metadata, warnings));
  if (created !== undefined)
    json = member(json, "created", typeof created === "string" ? created : jsonStringify(created));
  return `${json}}`;
}

function member(json: string, name: string, value: string): string {
  if (value === "") return json;
  return `${json}${json === "{" ? "" : ","}"${name}":${value}`;
}

/** JSON text, or nothing where JSON has none. `null` in it may have been a number that is not finite. */
function stringified(name: string, value: unknown, warnings: string[]): string {
  const json = jsonStringify(value);
  if (json === undefined) return "";
  if (stringIndexOf(json, "null") >= 0) noteLostNumbers(name, value, warnings);
  return json;
}

function noteLostNumbers(name: string, value: unknown, warnings: string[]): void {
  let lost = 0;
  try {
    jsonStringify(value, (key: string, held: unknown) => {
      if (typeof held !== "number" || numberIsFinite(held)) return held;
      lost += 1;
      const where = key === "" ? name : `${name}: ${key}`;
      if (lost <= mostNotes) warnings[warnings.length] = `${where} was ${held} and became null`;
      return held;
    });
  } catch {
    // A `toJSON` that throws when it is asked a second time: the text is taken, only the warning is lost.
  }
  if (lost > mostNotes) warnings[warnings.length] = `${name}: ${lost - mostNotes} more numbers became null`;
}

/**
 * `created` as epoch milliseconds, as the JSON text of something else that may say a moment, or not at all; `unfit`
 * says what it is where it cannot.
 */
function readCreated(created: unknown): number | string | undefined | { readonly unfit: string } {
  switch (typeof created) {
    case "undefined":
      return undefined;
    case "number":
      return numberIsFinite(created) ? created : { unfit: `${created}` };
    case "string":
      return jsonStringify(created);
    case "object":
      try {
        if (!(created instanceof NativeDate)) return jsonStringify(created) ?? { unfit: "an object" };
        const stamp = dateGetTime(created);
        return numberIsFinite(stamp) ? stamp : { unfit: "an invalid Date" };
      } catch {
        return { unfit: "an object that JSON cannot hold" };
      }
    default:
      return { unfit: `a ${typeof created}` };
  }
}

function badCreated(before: string, unfit: string): GuestFault {
  return placelessFault(
    "BAD_CREATED",
    `${before}\`created\` must be a Date, epoch milliseconds or ISO 8601 with a zone, found ${unfit}`,
  );
}

/**
 * Warnings about keys of a transform's result that will not leave. It runs no code of the author's: what debug shows
 * must not change an outcome.
 */
export function droppedKeyWarnings(result: unknown): readonly string[] {
  const warnings = createList<string>();
  if (typeof result !== "object" || result === null || isProxy(result)) return warnings;
  if (!isArray(result)) {
    noteDroppedKeys("", result, warnings);
    return warnings;
  }
  for (let index = 0; index < result.length && index < mostEvents; index += 1) {
    const descriptor = getOwnPropertyDescriptor(result, index);
    // An accessor's descriptor would give the `value` that an author put on `Object.prototype`.
    if (descriptor !== undefined && hasOwn(descriptor, "value"))
      noteDroppedKeys(`event ${index}: `, descriptor.value, warnings);
  }
  return warnings;
}

function noteDroppedKeys(before: string, result: unknown, warnings: string[]): void {
  if (typeof result !== "object" || result === null || isProxy(result)) return;
  const keys = ownKeys(result);
  let dropped = "";
  let count = 0;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    if (typeof key !== "string" || leaves(key)) continue;
    count += 1;
    if (count <= mostKeys) dropped += dropped === "" ? key : `, ${key}`;
  }
  if (count === 0) return;
  const more = count > mostKeys ? ` and ${count - mostKeys} more` : "";
  warnings[warnings.length] = `${before}keys of the result that do not leave: ${dropped}${more}`;
}

function leaves(key: string): boolean {
  return key === "eventType" || key === "data" || key === "metadata" || key === "created";
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return isArray(value) ? "an array" : `a ${typeof value}`;
}
