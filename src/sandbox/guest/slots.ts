/**
 * Shared memory between a guest and its executor, one region an isolate. The guest writes, the executor reads: how
 * far the crossing is, and for each event the lengths that cut the crossing's result text into its parts. Nothing in
 * it is trusted: lengths are checked against the text, and every part is parsed and checked on the executor's side.
 *
 * Int32 words: event and stage of the mark, then {@link slotStride} words an event.
 */
export const markWords = { event: 0, stage: 1 } as const;
const markCount = 2;
export const slotStride = 12;

/** What the words of an event's slot mean. */
export const slotWords = {
  /** One of {@link slotKinds}. */
  kind: 0,
  /** UTF-16 units of the parts in the result text, in this order. */
  first: 1,
  second: 2,
  third: 3,
  warnings: 4,
  console: 5,
  /** Wall milliseconds that the event took, by the guest's clock. */
  elapsedMs: 6,
  /** Of a fault: its index in {@link guestFaults}; of `fast`: how `created` was given. */
  detail: 7,
  /** Of a fault: line and column. Of `fast`: the float64 of `created`. */
  line: 8,
  column: 9,
  /** Of a fault: index in {@link stageMarks}. */
  stage: 10,
} as const;

/**
 * - `fast`: one event; parts are eventType, data's JSON, metadata's JSON or nothing
 * - `json`: the first part is a JSON array of one `{eventType, data, metadata, created}`
 * - `many`: the first part holds each event's data and metadata end to end as JSON, the second nothing or a JSON array of
 *   each one's own warnings, the third a JSON array of `{eventType, created, data, metadata}` with the lengths of the two
 * - `fault`: parts are message, file, stack
 * - `doubtful`: no parts; the event tried to change a built-in of a sealed realm, and only a fresh one tells what comes
 *   of it. The crossing ends before it.
 */
export const slotKinds = { none: 0, fast: 1, json: 2, filtered: 3, fault: 4, doubtful: 5, many: 6 } as const;

/** How `created` was given. */
export const createdKinds = { absent: 0, number: 1 } as const;

/** Stage numbers in the mark; 0 is between events, `load` is the run of a file's top level on trial. */
export const stageMarks = ["none", "decode", "validate", "transform", "output", "load"] as const;

/** Faults that only a guest can see; the executor names their type after the table of codes. */
export const guestFaults = [
  "UNCAUGHT",
  "STACK_DEPTH",
  "ASYNC_RESULT",
  "ARRAY_BUFFER",
  "PAYLOAD_NOT_JSON",
  "VALIDATE_REFUSED",
  "VALIDATE_RESULT",
  "CODEC_ERRORS",
  "NO_ENTRY_POINT",
  "TRANSFORM_RESULT",
  "TOO_MANY_EVENTS",
  "NOT_SERIALIZABLE",
  "BAD_CREATED",
] as const;
export type GuestFaultCode = (typeof guestFaults)[number];

/** First Int32 word of an event's slot. */
export function slotOf(index: number): number {
  return markCount + index * slotStride;
}

/** Bytes of shared memory for crossings of up to so many events. */
export function slotsBytes(events: number): number {
  return slotOf(events) * 4;
}
