import { isUtf8 } from "node:buffer";
import type { RawEventLine } from "../../model/contract.ts";
import { printableLine } from "../printable.ts";

/** A payload on one line, as a person can read it: as text where it is nothing else, else its bytes in hexadecimal. */
export function payloadText(bytes: Buffer): string {
  if (bytes.length === 0) return "(empty)";
  if (isText(bytes)) return printableLine(bytes.toString("utf8").replaceAll("\r", "\\r"));
  return bytes.toString("hex").replaceAll(/(..)(?=.)/g, "$1 ");
}

/** The payload of a line of NDJSON, likewise. */
export function linePayloadText({ payload, payloadBase64, payloadHex }: RawEventLine): string {
  if (payloadHex !== undefined) return payloadText(Buffer.from(payloadHex, "hex"));
  if (payloadBase64 !== undefined) return payloadText(Buffer.from(payloadBase64, "base64"));
  return printableLine(JSON.stringify(payload));
}

/** Whether it is UTF-8 without control characters other than those of text. */
function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !/[^\P{Cc}\t\n\r]/u.test(bytes.toString("utf8"));
}
