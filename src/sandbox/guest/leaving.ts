import {
  createList,
  dateGetTime,
  isArray,
  jsonStringify,
  NativeDate,
  numberIsFinite,
  ownKeys,
  stringIndexOf,
} from "./primordials.ts";
import { placelessFault, thrownFault, type GuestFault } from "./guest-fault.ts";

/** Most events one raw event may become; the executor's host side checks it again. */
const mostEvents = 100;

/** One event on its way out of the guest, as text. */
export interface LeavingText {
  readonly kind: "fast" | "json-one" | "json-many" | "filtered";
  readonly first: string;
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
    if (isArray(result)) return leaveMany(result as unknown[], warnings);
    if (typeof result !== "object" || result === null) {
      return placelessFault(
        "TRANSFORM_RESULT",
        `transform must return an object or an array, it returned ${kindOf(result)}`,
      );
    }
    const { eventType, data, metadata, created } = result as Bag;
    const stamp = createdNumber(created);
    if (typeof eventType === "string" && (created === undefined || stamp !== undefined)) {
      const second = stringified("data", data, warnings);
      const third = metadata === undefined ? "" : stringified("metadata", metadata, warnings);
      return { kind: "fast", first: eventType, second, third, created: stamp };
    }
    const first = `[${leavingJson(eventType, data, metadata, created, warnings)}]`;
    return { kind: "json-one", first, second: "", third: "", created: undefined };
  } catch (thrown) {
    return thrownFault(thrown, "NOT_SERIALIZABLE");
  }
}

function leaveMany(results: unknown[], warnings: string[]): LeavingText | GuestFault {
  const count = results.length;
  if (count === 0) return filtered;
  if (count > mostEvents) {
    return placelessFault(
      "TOO_MANY_EVENTS",
      `transform returned ${count} events, at most ${mostEvents} are allowed`,
    );
  }
  let first = "[";
  for (let index = 0; index < count; index += 1) {
    const result = results[index];
    if (index > 0) first += ",";
    if (typeof result !== "object" || result === null || isArray(result)) {
      return placelessFault(
        "TRANSFORM_RESULT",
        `event ${index}: transform must return objects, this is ${kindOf(result)}`,
      );
    }
    const { eventType, data, metadata, created } = result as Bag;
    first += leavingJson(eventType, data, metadata, created, warnings);
  }
  return { kind: "json-many", first: `${first}]`, second: "", third: "", created: undefined };
}

/** Written piece by piece: a `toJSON` on `Object.prototype` would replace an envelope that is stringified whole. */
function leavingJson(
  eventType: unknown,
  data: unknown,
  metadata: unknown,
  created: unknown,
  warnings: string[],
): string {
  const stamp = createdNumber(created);
  let json = "{";
  json = member(json, "eventType", stringified("eventType", eventType, warnings));
  json = member(json, "data", stringified("data", data, warnings));
  if (metadata !== undefined) json = member(json, "metadata", stringified("metadata", metadata, warnings));
  if (created !== undefined) {
    const value = stamp === undefined ? stringified("created", created, createList()) : jsonStringify(stamp);
    json = member(json, "created", value === "" ? "null" : value);
  }
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
  jsonStringify(value, (key: string, held: unknown) => {
    if (typeof held === "number" && !numberIsFinite(held)) {
      const where = key === "" ? name : `${name}: ${key}`;
      warnings[warnings.length] = `${where} was ${held} and became null`;
    }
    return held;
  });
}

/** A Date or a number as epoch milliseconds; `undefined` for everything else, NaN included. */
function createdNumber(created: unknown): number | undefined {
  const stamp = created instanceof NativeDate ? dateGetTime(created) : created;
  return typeof stamp === "number" && stamp === stamp ? stamp : undefined;
}

/** Keys of a transform's result that will not leave. */
export function droppedKeys(result: unknown): string {
  if (typeof result !== "object" || result === null || isArray(result)) return "";
  const keys = ownKeys(result);
  let dropped = "";
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    if (
      typeof key !== "string" ||
      key === "eventType" ||
      key === "data" ||
      key === "metadata" ||
      key === "created"
    )
      continue;
    dropped += dropped === "" ? key : `, ${key}`;
  }
  return dropped;
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return isArray(value) ? "an array" : `a ${typeof value}`;
}
