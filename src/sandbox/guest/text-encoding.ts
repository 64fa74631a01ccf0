import {
  NativeRangeError,
  NativeTypeError,
  NativeUint8Array,
  dataDescriptor,
  defineBuiltIn,
  defineProperty,
  fromCharCode,
  nameFunction,
  stringSlice,
  stringToLowerCase,
  stringTrim,
  toText,
  typedArraySet,
  typedArrayTag,
} from "./primordials.ts";
import { bytesOf } from "./byte-views.ts";
import { decodeUtf8, unfinishedBytes, utf8Bytes, writeUtf8, type Utf8Written } from "./utf8.ts";

type Encoding = "utf-8" | "windows-1252" | "utf-16le";

/** Labels of the WHATWG Encoding Standard; by it `latin1` and `ascii` mean windows-1252. */
const encodings: Readonly<Record<string, Encoding>> = {
  __proto__: null,
  "utf-8": "utf-8",
  utf8: "utf-8",
  "unicode-1-1-utf-8": "utf-8",
  latin1: "windows-1252",
  l1: "windows-1252",
  ascii: "windows-1252",
  "us-ascii": "windows-1252",
  "iso-8859-1": "windows-1252",
  "iso8859-1": "windows-1252",
  iso88591: "windows-1252",
  cp1252: "windows-1252",
  "windows-1252": "windows-1252",
  "x-cp1252": "windows-1252",
  "utf-16": "utf-16le",
  "utf-16le": "utf-16le",
  "ucs-2": "utf-16le",
} as unknown as Record<string, Encoding>;

/** Characters of windows-1252 from 0x80 to 0x9f; elsewhere a byte is its own code point. */
const windows1252 =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

function decodeWindows1252(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    text += byte >= 0x80 && byte < 0xa0 ? windows1252[byte - 0x80] : fromCharCode(byte);
  }
  return text;
}

function decodeUtf16(bytes: Uint8Array, onError: "replace" | "fatal"): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const unit = i + 1 < bytes.length ? (bytes[i] as number) | ((bytes[i + 1] as number) << 8) : -1;
    const next = i + 3 < bytes.length ? (bytes[i + 2] as number) | ((bytes[i + 3] as number) << 8) : -1;
    if (unit >= 0 && (unit & 0xf800) !== 0xd800) {
      text += fromCharCode(unit);
    } else if (unit >= 0 && (unit & 0xfc00) === 0xd800 && next >= 0 && (next & 0xfc00) === 0xdc00) {
      text += fromCharCode(unit, next);
      i += 2;
    } else {
      if (onError === "fatal")
        throw new NativeTypeError("The encoded data was not valid for encoding utf-16le");
      text += "\ufffd";
      // A surrogate and half a unit at the very end are one fault.
      if (unit >= 0 && (unit & 0xfc00) === 0xd800 && next < 0) break;
    }
  }
  return text;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new NativeUint8Array(first.length + second.length);
  typedArraySet(both, first);
  typedArraySet(both, second, first.length);
  return both;
}

/** How many bytes at the end a streaming decoder keeps until more come. */
function heldBack(encoding: Encoding, bytes: Uint8Array): number {
  switch (encoding) {
    case "utf-8":
      return unfinishedBytes(bytes, 0, bytes.length);
    case "utf-16le": {
      const odd = bytes.length % 2;
      const last = bytes.length - odd;
      return last >= 2 && ((bytes[last - 1] as number) & 0xfc) === 0xd8 ? odd + 2 : odd;
    }
    case "windows-1252":
      return 0;
  }
}

class TextEncoder {
  get encoding(): string {
    return "utf-8";
  }

  encode(input: unknown = ""): Uint8Array {
    return utf8Bytes(toText(input));
  }

  encodeInto(source: unknown, destination: Uint8Array): Utf8Written {
    if (typedArrayTag(destination) !== "Uint8Array")
      throw new NativeTypeError("The destination must be a Uint8Array");
    const into = bytesOf(destination);
    return writeUtf8(toText(source), into, 0, into.length);
  }
}

interface DecoderOptions {
  readonly fatal?: unknown;
  readonly ignoreBOM?: unknown;
}

class TextDecoder {
  readonly #encoding: Encoding;
  readonly #onError: "replace" | "fatal";
  readonly #byteOrderMark: "drop" | "keep";
  #held = new NativeUint8Array(0);
  #started = false;

  constructor(label: unknown = "utf-8", options: DecoderOptions | null = {}) {
    const encoding = encodings[stringToLowerCase(stringTrim(toText(label)))];
    if (encoding === undefined)
      throw new NativeRangeError(`The "${label as string}" encoding is not supported`);
    this.#encoding = encoding;
    this.#onError = options?.fatal ? "fatal" : "replace";
    this.#byteOrderMark = options?.ignoreBOM ? "keep" : "drop";
  }

  get encoding(): string {
    return this.#encoding;
  }

  get fatal(): boolean {
    return this.#onError === "fatal";
  }

  get ignoreBOM(): boolean {
    return this.#byteOrderMark === "keep";
  }

  decode(input?: unknown, options?: { readonly stream?: unknown } | null): string {
    const more = !!options?.stream;
    const bytes = joined(this.#held, input === undefined ? new NativeUint8Array(0) : bytesOf(input));
    const held = more ? heldBack(this.#encoding, bytes) : 0;
    const ready = bytes.length - held;
    this.#held = new NativeUint8Array(held);
    for (let i = 0; i < held; i++) this.#held[i] = bytes[ready + i] as number;
    const text = this.#text(new NativeUint8Array(bytes.buffer, bytes.byteOffset, ready));
    const first = !this.#started;
    this.#started = more && (this.#started || text !== "");
    return first && this.#byteOrderMark === "drop" && text[0] === "\ufeff" ? stringSlice(text, 1) : text;
  }

  #text(bytes: Uint8Array): string {
    switch (this.#encoding) {
      case "utf-8":
        return decodeUtf8(bytes, 0, bytes.length, this.#onError);
      case "utf-16le":
        return decodeUtf16(bytes, this.#onError);
      case "windows-1252":
        return decodeWindows1252(bytes);
    }
  }
}

/** Installs `TextEncoder` and `TextDecoder`. */
export function installTextEncoding(): void {
  defineProperty(TextEncoder.prototype, Symbol.toStringTag, dataDescriptor("TextEncoder", "read-only"));
  defineProperty(TextDecoder.prototype, Symbol.toStringTag, dataDescriptor("TextDecoder", "read-only"));
  nameFunction(TextEncoder, "TextEncoder");
  nameFunction(TextDecoder, "TextDecoder");
  defineBuiltIn(globalThis, "TextEncoder", TextEncoder);
  defineBuiltIn(globalThis, "TextDecoder", TextDecoder);
}
