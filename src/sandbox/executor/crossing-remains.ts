import type { CrossingRequest } from "../crossing-frame.ts";
import { slotOf, slotStride, slotWords } from "../guest/slots.ts";

/** What a guest left of a crossing's first events, out of its reach: it is read and made into results elsewhere. */
export interface CrossingRemains {
  /** The request's own: its strings, its numbers, and how many events they describe. */
  readonly request: Pick<CrossingRequest, "count" | "text" | "numbers">;
  /** Events from the first on that have a result. */
  readonly finished: number;
  /** Copy of the slots of these events, from the first one's kind on. */
  readonly slots: Int32Array<ArrayBuffer>;
  /** The result text: what the slots' lengths cut into parts. */
  readonly text: string;
}

const lengthWords = [
  slotWords.first,
  slotWords.second,
  slotWords.third,
  slotWords.warnings,
  slotWords.console,
] as const;

/**
 * Takes a copy of what the guest left. Throws where the slots and the text do not agree: then the guest is not what it
 * was, and its isolate must go.
 */
export function takeRemains(
  words: Int32Array,
  { count, text: strings, numbers }: CrossingRequest,
  finished: number,
  text: string,
): CrossingRemains {
  const slots = words.slice(slotOf(0), slotOf(finished));
  let units = 0;
  for (let slot = 0; slot < slots.length; slot += slotStride) {
    for (const word of lengthWords) {
      const length = slots[slot + word] as number;
      if (length < 0) throw new Error("a guest left a slot with a negative length");
      units += length;
    }
  }
  if (units > text.length) throw new Error("a guest's slots and its result text do not agree");
  return { request: { count, text: strings, numbers }, finished, slots: new Int32Array(slots), text };
}

/** The remains of fewer events. */
export function cutRemains(remains: CrossingRemains, finished: number): CrossingRemains {
  return { ...remains, finished };
}
