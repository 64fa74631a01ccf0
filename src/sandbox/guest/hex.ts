import { NativeUint8Array, fromCharCode, stringCharCodeAt } from "./primordials.ts";

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x66) return unit - 0x61 + 10;
  return unit >= 0x41 && unit <= 0x46 ? unit - 0x41 + 10 : -1;
}

/** Writes pairs of hexadecimal digits until one is not; returns how many bytes that were. */
export function writeHex(text: string, into: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let i = 0; i + 1 < text.length && at < end; i += 2) {
    const high = hexDigit(stringCharCodeAt(text, i));
    const low = hexDigit(stringCharCodeAt(text, i + 1));
    if (high < 0 || low < 0) break;
    into[at++] = (high << 4) | low;
  }
  return at - start;
}

/** ASCII codes of the two digits of each byte. */
const digitPairs = makeDigitPairs();

function makeDigitPairs(): Uint8Array {
  const digit = (value: number): number => (value < 10 ? 0x30 + value : 0x61 + value - 10);
  const pairs = new NativeUint8Array(512);
  for (let byte = 0; byte < 256; byte++) {
    pairs[2 * byte] = digit(byte >> 4);
    pairs[2 * byte + 1] = digit(byte & 15);
  }
  return pairs;
}

/** Lower-case hexadecimal text of the bytes from `start` up to `end`. */
export function hexText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) {
    const pair = 2 * (bytes[i] as number);
    text += fromCharCode(digitPairs[pair] as number, digitPairs[pair + 1] as number);
  }
  return text;
}
