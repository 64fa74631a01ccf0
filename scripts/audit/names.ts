import type { Place } from "./read-stream.ts";

/** What tells an event from others: producers number theirs, and two devices may use the same numbers. */
export function eventName({ key, eventId }: { readonly key: string; readonly eventId: string }): string {
  return `${key}\n${eventId}`;
}

/** As `partition/offset`. */
export function placeName({ partition, offset }: Place): string {
  return `${partition}/${offset}`;
}
