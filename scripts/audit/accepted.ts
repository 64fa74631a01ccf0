import type { Input } from "./read-stream.ts";

/**
 * A line of the file in which whoever sends events keeps what became of it: `sent` before each attempt, `accepted` once
 * the answer says that the event is durable, `refused` where it cannot have arrived. An attempt without either may have
 * arrived or not.
 */
export interface AttemptLine {
  readonly what: "sent" | "accepted" | "refused";
  readonly ids: readonly string[];
}

/** What producers know of one event. */
export interface ToldEvent {
  readonly eventId: string;
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
}

/** Reads such a file; a last line that was not written whole counts as not written. */
export function readAccepted(text: string): readonly ToldEvent[] {
  const told = new Map<string, { -readonly [K in keyof ToldEvent]: ToldEvent[K] }>();
  for (const line of text.split("\n").slice(0, -1)) {
    const { what, ids } = JSON.parse(line) as AttemptLine;
    for (const eventId of ids) {
      const event = told.get(eventId) ?? { eventId, sent: 0, accepted: 0, refused: 0 };
      event[what] += 1;
      told.set(eventId, event);
    }
  }
  return [...told.values()];
}

/** Each accepted attempt stands in the ingest topic once, each unanswered one at most once, and nothing else does. */
export function findMissing(inputs: readonly Input[], told: readonly ToldEvent[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { eventId } of inputs) counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
  const found = told.flatMap(({ eventId, sent, accepted, refused }) => {
    const count = counts.get(eventId) ?? 0;
    counts.delete(eventId);
    const most = sent - refused;
    if (count < accepted) {
      return [`missing: ${eventId} was accepted ${accepted} times and is in the ingest topic ${count} times`];
    }
    return count > most ? [`too often: ${eventId} is in the ingest topic ${count} times of ${most}`] : [];
  });
  return [...found, ...[...counts.keys()].map((eventId) => `unknown: nobody has sent ${eventId}`)];
}
