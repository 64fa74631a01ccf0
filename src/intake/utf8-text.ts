import { isUtf8 } from "node:buffer";

/** The text that bytes are, with U+FFFD for what is not UTF-8. */
export function lossyText(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("utf8");
}

/** The text that bytes are, a byte order mark too; `undefined` where they are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  const text = lossyText(bytes);
  // What is not UTF-8 becomes U+FFFD; so that only a text with one needs a second look.
  return text.includes("\ufffd") && !isUtf8(bytes) ? undefined : text;
}

/** The text of a document, without the byte order mark that some editors write before it. */
export function utf8Document(bytes: Uint8Array): string | undefined {
  const text = utf8Text(bytes);
  return text?.startsWith("\ufeff") === true ? text.slice(1) : text;
}
