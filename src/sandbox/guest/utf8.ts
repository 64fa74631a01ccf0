import { NativeTypeError, NativeUint8Array, fromCharCode, stringCharCodeAt } from "./primordials.ts";

const replacementCharacter = 0xfffd;

/** Bytes that a string takes in UTF-8; a lone surrogate counts as the replacement character. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = stringCharCodeAt(text, i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (isPair(text, i, unit)) i++;
  }
  return bytes;
}

function isPair(text: string, at: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdbff || at + 1 >= text.length) return false;
  return (stringCharCodeAt(text, at + 1) & 0xfc00) === 0xdc00;
}

/** The code point at an index; a lone surrogate is read as the replacement character. */
function codePointAt(text: string, at: number): number {
  const unit = stringCharCodeAt(text, at);
  if ((unit & 0xf800) !== 0xd800) return unit;
  if (!isPair(text, at, unit)) return replacementCharacter;
  return 0x10000 + ((unit & 0x3ff) << 10) + (stringCharCodeAt(text, at + 1) & 0x3ff);
}

function codePointLength(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

function writeCodePoint(into: Uint8Array, at: number, point: number, length: number): void {
  switch (length) {
    case 1:
      into[at] = point;
      return;
    case 2:
      into[at] = 0xc0 | (point >> 6);
      break;
    case 3:
      into[at] = 0xe0 | (point >> 12);
      into[at + 1] = 0x80 | ((point >> 6) & 0x3f);
      break;
    default:
      into[at] = 0xf0 | (point >> 18);
      into[at + 1] = 0x80 | ((point >> 12) & 0x3f);
      into[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  }
  into[at + length - 1] = 0x80 | (point & 0x3f);
}

/** How far {@link writeUtf8} came. */
export interface Utf8Written {
  /** UTF-16 units of the text. */
  readonly read: number;
  /** Bytes. */
  readonly written: number;
}

/** Writes as much of a text as fits, whole characters only, to `into` from `start` up to `end`. */
export function writeUtf8(text: string, into: Uint8Array, start: number, end: number): Utf8Written {
  let at = start;
  let i = 0;
  while (i < text.length) {
    const point = codePointAt(text, i);
    const length = codePointLength(point);
    if (at + length > end) break;
    writeCodePoint(into, at, point, length);
    at += length;
    i += length === 4 ? 2 : 1;
  }
  return { read: i, written: at - start };
}

/** The UTF-8 bytes of a text, in an array of their own. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes = new NativeUint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0, bytes.length);
  return bytes;
}

/** What stands at one place of a byte sequence: how many bytes, and the code point, or -1 where they form none. */
interface Sequence {
  bytes: number;
  point: number;
}

/**
 * Reads the sequence at `at` as the WHATWG Encoding Standard does: an ill-formed one ends before the first byte that
 * cannot belong to it, so that decoders agree on the number of replacement characters.
 */
function readSequence(bytes: Uint8Array, at: number, end: number, sequence: Sequence): void {
  const lead = bytes[at] as number;
  const needed =
    lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
  let point = lead & (0x3f >> needed);
  let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  let seen = 0;
  while (seen < needed && at + 1 + seen < end) {
    const next = bytes[at + 1 + seen] as number;
    if (next < lower || next > upper) break;
    lower = 0x80;
    upper = 0xbf;
    point = (point << 6) | (next & 0x3f);
    seen++;
  }
  sequence.bytes = 1 + seen;
  sequence.point = needed > 0 && seen === needed ? point : -1;
}

/** How many bytes at the end begin a character of which the rest may still come. */
export function unfinishedBytes(bytes: Uint8Array, start: number, end: number): number {
  const sequence: Sequence = { bytes: 0, point: 0 };
  for (let back = 1; back <= 3 && end - back >= start; back++) {
    const lead = bytes[end - back] as number;
    if (lead < 0x80) return 0;
    if (lead < 0xc0) continue;
    readSequence(bytes, end - back, end, sequence);
    const needed = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return lead >= 0xc2 && lead < 0xf5 && sequence.bytes === back && back < needed ? back : 0;
  }
  return 0;
}

/** Text of the bytes from `start` up to `end`. `fatal` throws a TypeError where `replace` puts U+FFFD. */
export function decodeUtf8(
  bytes: Uint8Array,
  start: number,
  end: number,
  onError: "replace" | "fatal",
): string {
  const sequence: Sequence = { bytes: 0, point: 0 };
  let text = "";
  let at = start;
  while (at < end) {
    const ascii = asciiRun(bytes, at, end);
    if (ascii !== "") {
      text += ascii;
      at += ascii.length;
      continue;
    }
    readSequence(bytes, at, end, sequence);
    at += sequence.bytes;
    if (sequence.point < 0 && onError === "fatal")
      throw new NativeTypeError("The encoded data was not valid for encoding utf-8");
    text += textOf(sequence.point < 0 ? replacementCharacter : sequence.point);
  }
  return text;
}

function textOf(point: number): string {
  if (point < 0x10000) return fromCharCode(point);
  return fromCharCode(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff));
}

/** The ASCII characters from `at` on. Eight at a time: that is four times as fast as one by one. */
function asciiRun(bytes: Uint8Array, at: number, end: number): string {
  let text = "";
  let i = at;
  for (; i + 8 <= end; i += 8) {
    const eight = latin1Eight(bytes, i, 0x80);
    if (eight === "") break;
    text += eight;
  }
  for (; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) break;
    text += fromCharCode(byte);
  }
  return text;
}

/** Eight bytes as eight characters, or nothing where one of them has a bit of `mask`. */
function latin1Eight(bytes: Uint8Array, i: number, mask: number): string {
  const a = bytes[i] as number;
  const b = bytes[i + 1] as number;
  const c = bytes[i + 2] as number;
  const d = bytes[i + 3] as number;
  const e = bytes[i + 4] as number;
  const f = bytes[i + 5] as number;
  const g = bytes[i + 6] as number;
  const h = bytes[i + 7] as number;
  if (((a | b | c | d | e | f | g | h) & mask) !== 0) return "";
  return fromCharCode(a, b, c, d, e, f, g, h);
}

/** Each byte from `start` up to `end` as the character of the same number. */
export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let i = start;
  for (; i + 8 <= end; i += 8) text += latin1Eight(bytes, i, 0);
  for (; i < end; i++) text += fromCharCode(bytes[i] as number);
  return text;
}
