import type { RawEvent } from "../model/raw-event.ts";
import type { EnvelopeProblem } from "./envelope-problem.ts";
import { envelopeLevels, nestsDeeper } from "./json-nesting.ts";
import type { RecordHeaders } from "./record-headers.ts";

/** The attributes of an event that names none. */
export const noAttributes: RawEvent["attributes"] = Object.freeze({});

/** Attributes of a record, or what is wrong with them. */
export interface RecordAttributes {
  readonly value: RawEvent["attributes"];
  readonly problem?: EnvelopeProblem;
}

const none: RecordAttributes = { value: noAttributes };

/** Reads the header `attributes`: one JSON object, which may have a byte order mark before it as a line may. */
export function readAttributes(headers: RecordHeaders): RecordAttributes {
  const text = headers.find("attributes", "attributes");
  if (text === undefined) return none;
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch (error) {
    return bad(`is not JSON: ${(error as SyntaxError).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return bad("must be an object");
  // In a line they stand one level deeper.
  if (text.length >= envelopeLevels && nestsDeeper(Buffer.from(text, "utf8"), envelopeLevels - 1)) {
    return bad(`is nested deeper than ${envelopeLevels - 1} levels`);
  }
  return { value: value as RawEvent["attributes"] };
}

function bad(why: string): RecordAttributes {
  return { value: noAttributes, problem: { code: "BAD_ATTRIBUTES", message: `\`attributes\` ${why}` } };
}
