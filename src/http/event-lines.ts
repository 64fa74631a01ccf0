import { noEventId } from "../intake/event-record.ts";
import { createLineSplitter, type SplitLine } from "../intake/line-splitter.ts";
import { readLine, refuseOversizeLine, type LineContext } from "../intake/ndjson-line.ts";
import type { RawEvent } from "../model/raw-event.ts";
import { held } from "./read-body.ts";
import { refuse, refuseFault, type Refusal } from "./refusal.ts";
import type { Hold } from "./waiting-bytes.ts";

/** Collects the events of a body; none of them counts before the last line is found good. */
export interface EventCollector {
  add(chunk: Buffer): Refusal | undefined;
  /** To be called once nothing was refused and no more comes. */
  end(): readonly RawEvent[] | Refusal;
}

export interface CollectorOptions {
  readonly lineBytes: number;
  readonly payloadBytes: number;
  readonly bodyEvents: number;
  readonly nowMs: number;
  readonly hold: Hold;
}

/** What an event takes in memory beside its bytes, about. */
const eventOverheadBytes = 1_024;

/** Reads a body of NDJSON as it comes, and refuses it at its first bad line. */
export function collectLines(options: CollectorOptions): EventCollector {
  const { lineBytes, bodyEvents, hold } = options;
  const splitter = createLineSplitter(lineBytes);
  const events: RawEvent[] = [];
  const take = (lines: readonly SplitLine[]): Refusal | undefined => {
    if (events.length + lines.length > bodyEvents) {
      return refuse(
        413,
        "TOO_MANY_EVENTS",
        `the body has more than the ${bodyEvents} events that are allowed`,
      );
    }
    for (const line of lines) {
      const context = contextOf(options, line.line);
      const event = line.kind === "line" ? readLine(line.bytes, context) : refuseOversizeLine(line, context);
      if ("fault" in event) return refuseFault(event);
      events.push(event);
    }
    return held(hold, lines.length * eventOverheadBytes);
  };
  return {
    add: (chunk) => take(splitter.push(chunk)),
    end: () => take(splitter.end()) ?? (events.length === 0 ? noEvents : events),
  };
}

/** Reads a body that is one JSON object, over as many lines as its sender likes. */
export function collectObject(options: CollectorOptions): EventCollector {
  const chunks: Buffer[] = [];
  return {
    add: (chunk) => {
      chunks.push(chunk);
      return undefined;
    },
    end: () => {
      const body = Buffer.concat(chunks);
      if (body.toString("latin1").trim() === "") return noEvents;
      const event = readLine(body, contextOf(options, 1));
      return "fault" in event ? refuseFault(event) : [event];
    },
  };
}

const noEvents = refuse(400, "NO_EVENTS", "the body holds no event");

function contextOf({ nowMs, payloadBytes }: CollectorOptions, line: number): LineContext {
  return { line, nowMs, limits: { payloadBytes }, defaultEventId: noEventId };
}
