import type { Outcome } from "../../pipeline/outcome.ts";

const eventStart = Buffer.from('{"outcome":"standard","event":');
const eventsStart = Buffer.from('{"outcome":"standard","events":[');
const comma = Buffer.from(",");
const eventEnd = Buffer.from("}\n");
const eventsEnd = Buffer.from("]}\n");

/**
 * The NDJSON lines of some outcomes. Finished events are copied as the bytes they are: what an executor built is
 * what is written, and nothing is parsed a second time.
 */
export function outcomeLines(outcomes: Iterable<Outcome>): Buffer {
  const parts: Uint8Array[] = [];
  for (const outcome of outcomes) pushLine(parts, outcome);
  return Buffer.concat(parts);
}

function pushLine(parts: Uint8Array[], outcome: Outcome): void {
  switch (outcome.kind) {
    case "standard":
      if (outcome.shape === "one") {
        parts.push(eventStart, ...outcome.values, eventEnd);
      } else {
        parts.push(eventsStart);
        for (const [index, value] of outcome.values.entries()) {
          if (index > 0) parts.push(comma);
          parts.push(value);
        }
        parts.push(eventsEnd);
      }
      break;
    case "filtered":
      parts.push(Buffer.from(`${JSON.stringify({ outcome: "filtered", eventId: outcome.eventId })}\n`));
      break;
    case "rejected":
      parts.push(Buffer.from(`${JSON.stringify({ outcome: "rejected", rejection: outcome.rejection })}\n`));
      break;
  }
}
