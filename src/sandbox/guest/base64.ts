import {
  NativeTypeError,
  NativeUint8Array,
  defineBuiltIn,
  fromCharCode,
  stringCharCodeAt,
  toText,
  typedArraySet,
} from "./primordials.ts";
import { decodeLatin1 } from "./utf8.ts";
import { domError } from "./dom-error.ts";

export type Base64Alphabet = "base64" | "base64url";

const notInAlphabet = 0xff;

function digitOf(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61 + 26;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30 + 52;
  if (unit === 0x2b || unit === 0x2d) return 62;
  return unit === 0x2f || unit === 0x5f ? 63 : notInAlphabet;
}

function makeDigits(): Uint8Array {
  const digits = new NativeUint8Array(128);
  for (let unit = 0; unit < 128; unit++) digits[unit] = digitOf(unit);
  return digits;
}

/** Values of the characters of both alphabets. */
const digits = makeDigits();

function characterOf(digit: number, alphabet: Base64Alphabet): number {
  if (digit < 26) return 0x41 + digit;
  if (digit < 52) return 0x61 + digit - 26;
  if (digit < 62) return 0x30 + digit - 52;
  if (alphabet === "base64url") return digit === 62 ? 0x2d : 0x5f;
  return digit === 62 ? 0x2b : 0x2f;
}

function digitAt(text: string, at: number): number {
  const unit = stringCharCodeAt(text, at);
  return unit < 128 ? (digits[unit] as number) : notInAlphabet;
}

/** The first `length` bytes in an array that holds nothing else. */
function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (length === bytes.length) return bytes;
  const exact = new NativeUint8Array(length);
  typedArraySet(exact, new NativeUint8Array(bytes.buffer, 0, length));
  return exact;
}

/**
 * The bytes of a base64 text in either alphabet, read as Node's `Buffer` does: it ends at the first `=`, other
 * characters that are not of the alphabet are passed over, and a last character without company is dropped.
 */
export function base64Bytes(text: string): Uint8Array {
  const bytes = new NativeUint8Array((text.length * 3 + 3) >> 2);
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = digitAt(text, i);
    if (digit === notInAlphabet) {
      if (stringCharCodeAt(text, i) === 0x3d) break;
      continue;
    }
    held = ((held << 6) | digit) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = held >> bits;
  }
  return exactly(bytes, length);
}

/** Base64 of the bytes from `start` up to `end`; `base64url` goes without padding. */
export function base64Text(bytes: Uint8Array, start: number, end: number, alphabet: Base64Alphabet): string {
  let text = "";
  for (let i = start; i < end; i += 3) {
    const a = bytes[i] as number;
    const b = i + 1 < end ? (bytes[i + 1] as number) : 0;
    const c = i + 2 < end ? (bytes[i + 2] as number) : 0;
    const group = (a << 16) | (b << 8) | c;
    const first = characterOf(group >> 18, alphabet);
    const second = characterOf((group >> 12) & 63, alphabet);
    const third = characterOf((group >> 6) & 63, alphabet);
    if (i + 2 < end) text += fromCharCode(first, second, third, characterOf(group & 63, alphabet));
    else if (alphabet === "base64url")
      text += i + 1 < end ? fromCharCode(first, second, third) : fromCharCode(first, second);
    else
      text +=
        i + 1 < end ? fromCharCode(first, second, third, 0x3d) : fromCharCode(first, second, 0x3d, 0x3d);
  }
  return text;
}

/** Whether a character is one of the five that the WHATWG forgiving decode passes over. */
function isAsciiSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;
}

/** Throws unless the WHATWG forgiving decode takes the text. */
function checkForgiving(text: string): void {
  let count = 0;
  let padding = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (isAsciiSpace(unit)) continue;
    count++;
    if (unit === 0x3d) padding++;
    else if (padding > 0 || digitAt(text, i) === notInAlphabet || unit === 0x2d || unit === 0x5f)
      throw invalidCharacter();
  }
  const padded = padding > 0 && (padding > 2 || count % 4 !== 0);
  if (padded || (count - padding) % 4 === 1) throw invalidCharacter();
}

function invalidCharacter(): Error {
  return domError("InvalidCharacterError", "Invalid character");
}

function checkGiven(count: number): void {
  if (count === 0) throw new NativeTypeError('The "data" argument must be specified');
}

/** Installs `atob` and `btoa`. */
export function installBase64(): void {
  const functions = {
    atob(data: unknown): string {
      checkGiven(arguments.length);
      const text = toText(data);
      checkForgiving(text);
      const bytes = base64Bytes(text);
      return decodeLatin1(bytes, 0, bytes.length);
    },
    btoa(data: unknown): string {
      checkGiven(arguments.length);
      const text = toText(data);
      const bytes = new NativeUint8Array(text.length);
      for (let i = 0; i < text.length; i++) {
        const unit = stringCharCodeAt(text, i);
        if (unit > 0xff) throw invalidCharacter();
        bytes[i] = unit;
      }
      return base64Text(bytes, 0, bytes.length, "base64");
    },
  };
  defineBuiltIn(globalThis, "atob", functions.atob);
  defineBuiltIn(globalThis, "btoa", functions.btoa);
}
