import {
  NativeTypeError,
  NativeUint8Array,
  fromCharCode,
  stringCharCodeAt,
  stringToLowerCase,
  typedArraySet,
  toText,
} from "./primordials.ts";
import { base64Bytes, base64Text } from "./base64.ts";
import { hexText, writeHex } from "./hex.ts";
import { decodeLatin1, decodeUtf8, utf8Length, writeUtf8 } from "./utf8.ts";

/** The encodings that Node's `Buffer` knows, each under one name. */
export type BufferEncoding = "utf8" | "hex" | "base64" | "base64url" | "latin1" | "ascii" | "utf16le";

/** An encoding by any of its names; `undefined` for an unknown one. */
export function encodingNamed(name: unknown): BufferEncoding | undefined {
  if (name === undefined || name === null || name === "" || name === "utf8") return "utf8";
  switch (stringToLowerCase(toText(name))) {
    case "utf8":
    case "utf-8":
      return "utf8";
    case "hex":
      return "hex";
    case "base64":
      return "base64";
    case "base64url":
      return "base64url";
    case "latin1":
    case "binary":
      return "latin1";
    case "ascii":
      return "ascii";
    case "ucs2":
    case "ucs-2":
    case "utf16le":
    case "utf-16le":
      return "utf16le";
    default:
      return undefined;
  }
}

/** An encoding by any of its names; throws a TypeError for an unknown one. */
export function requireEncoding(name: unknown): BufferEncoding {
  const encoding = encodingNamed(name);
  if (encoding === undefined) throw new NativeTypeError(`Unknown encoding: ${name as string}`);
  return encoding;
}

/** Text of the bytes from `start` up to `end`. */
export function bytesToText(bytes: Uint8Array, start: number, end: number, encoding: BufferEncoding): string {
  switch (encoding) {
    case "utf8":
      return decodeUtf8(bytes, start, end, "replace");
    case "hex":
      return hexText(bytes, start, end);
    case "base64":
    case "base64url":
      return base64Text(bytes, start, end, encoding);
    case "latin1":
      return decodeLatin1(bytes, start, end);
    case "ascii":
      return asciiText(bytes, start, end);
    case "utf16le":
      return utf16Text(bytes, start, end);
  }
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += fromCharCode((bytes[i] as number) & 0x7f);
  return text;
}

function utf16Text(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i + 1 < end; i += 2)
    text += fromCharCode((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
  return text;
}

/** How many bytes a text takes at most; exact but for base64 with characters that are passed over, and faulty hex. */
export function textCapacity(text: string, encoding: BufferEncoding): number {
  switch (encoding) {
    case "utf8":
      return utf8Length(text);
    case "hex":
      return text.length >> 1;
    case "base64":
    case "base64url":
      return base64Capacity(text);
    case "latin1":
    case "ascii":
      return text.length;
    case "utf16le":
      return text.length * 2;
  }
}

function base64Capacity(text: string): number {
  let digits = text.length;
  if (digits > 0 && text[digits - 1] === "=") digits--;
  if (digits > 1 && text[digits - 1] === "=") digits--;
  return (digits * 3) >> 2;
}

/** Writes as much of a text as fits between `start` and `end`; returns how many bytes that were. */
export function writeText(
  text: string,
  into: Uint8Array,
  start: number,
  end: number,
  encoding: BufferEncoding,
): number {
  switch (encoding) {
    case "utf8":
      return writeUtf8(text, into, start, end).written;
    case "hex":
      return writeHex(text, into, start, end);
    case "base64":
    case "base64url":
      return writeBytes(base64Bytes(text), into, start, end);
    case "latin1":
    case "ascii":
      return writeLatin1(text, into, start, end);
    case "utf16le":
      return writeUtf16(text, into, start, end);
  }
}

function writeBytes(bytes: Uint8Array, into: Uint8Array, start: number, end: number): number {
  const length = bytes.length < end - start ? bytes.length : end - start;
  typedArraySet(into, new NativeUint8Array(bytes.buffer, 0, length), start);
  return length;
}

function writeLatin1(text: string, into: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let i = 0; i < text.length && at < end; i++) into[at++] = stringCharCodeAt(text, i);
  return at - start;
}

function writeUtf16(text: string, into: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let i = 0; i < text.length && at + 1 < end; i++) {
    const unit = stringCharCodeAt(text, i);
    into[at++] = unit;
    into[at++] = unit >> 8;
  }
  return at - start;
}
