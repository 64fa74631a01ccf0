import type { EnvelopeProblem } from "./envelope-problem.ts";
import { payloadKind } from "./media-type.ts";

/** The payload fields of a line of NDJSON, as parsed. */
export interface PayloadFields {
  readonly payload?: unknown;
  readonly payloadBase64?: unknown;
  readonly payloadHex?: unknown;
  readonly contentType?: string | undefined;
}

/** The payload's bytes, or why the line has none. */
export type LinePayload = Uint8Array | EnvelopeProblem;

/** RFC 4648 section 4, together with a length that is a multiple of four. */
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;
const hex = /^[0-9A-Fa-f]*$/;

/** Reads the one payload that a line must have. */
export function readLinePayload(fields: PayloadFields): LinePayload {
  const { payload, payloadBase64, payloadHex } = fields;
  // JSON knows no undefined, so that what is undefined is not there.
  const count =
    Number(payload !== undefined) + Number(payloadBase64 !== undefined) + Number(payloadHex !== undefined);
  if (count !== 1) return countProblem(count);
  if (payload !== undefined) return writePayload(payload, fields.contentType);
  return payloadBase64 === undefined ? readHex(payloadHex) : readBase64(payloadBase64, "payloadBase64");
}

/**
 * The bytes of a payload that was given as JSON: its JSON text. Only where `contentType` names a type that is not JSON
 * does a string stand for its own characters, so that text formats need no second quoting.
 */
export function writePayload(payload: unknown, contentType: string | undefined): Uint8Array {
  if (
    typeof payload === "string" &&
    contentType !== undefined &&
    payloadKind(contentType, undefined) === "bytes"
  ) {
    return Buffer.from(payload, "utf8");
  }
  return Buffer.from(JSON.stringify(payload), "utf8");
}

/** Reads what the member `key` holds in base64. */
export function readBase64(text: unknown, key: string): LinePayload {
  const refuse = (why: string): EnvelopeProblem => ({ code: "BAD_BASE64", message: `\`${key}\` ${why}` });
  if (typeof text !== "string") return refuse("is not a string");
  if (text.length % 4 !== 0) return refuse(`has ${text.length} characters, not a multiple of 4`);
  if (!base64.test(text)) return refuse("holds a character that is not of the standard alphabet");
  return Buffer.from(text, "base64");
}

function readHex(text: unknown): LinePayload {
  if (typeof text !== "string") return { code: "BAD_HEX", message: "`payloadHex` is not a string" };
  if (text.length % 2 !== 0)
    return { code: "BAD_HEX", message: `\`payloadHex\` has ${text.length} digits, an odd number` };
  if (!hex.test(text))
    return { code: "BAD_HEX", message: "`payloadHex` holds a character that is no hexadecimal digit" };
  return Buffer.from(text, "hex");
}

function countProblem(count: number): LinePayload {
  const names = "`payload`, `payloadBase64` and `payloadHex`";
  if (count === 0) return { code: "NO_PAYLOAD", message: `the line has none of ${names}` };
  return { code: "TWO_PAYLOADS", message: `the line has ${count} of ${names}, exactly one is allowed` };
}
