import type { Frame } from "./device.ts";
import type { Random } from "./random.ts";

/** The frame's bytes without its end: at least one byte stays, at least `leastCutBytes` go. */
export function cutFrame(frame: Frame, leastCutBytes: number, random: Random): Buffer {
  const bytes = Buffer.isBuffer(frame) ? frame : Buffer.from(JSON.stringify(frame));
  return bytes.subarray(0, random.integer(1, bytes.length - leastCutBytes));
}

/**
 * What a loose line gives: it idles high, hence the two 0xff in front. They also make sure that no frame of the example
 * templates looks like it.
 */
export function noise(random: Random): Buffer {
  const bytes = Buffer.allocUnsafe(random.integer(2, 24));
  bytes[0] = 0xff;
  bytes[1] = 0xff;
  for (let i = 2; i < bytes.length; i++) bytes[i] = random.integer(0, 255);
  return bytes;
}

/** A LoRaWAN port on which no example template listens; applications may use 1 to 223. */
export function strayPort(random: Random): number {
  return random.integer(100, 223);
}
