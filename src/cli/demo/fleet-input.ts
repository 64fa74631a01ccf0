import { setTimeout as delay } from "node:timers/promises";
import type { FleetEvent } from "../../fleet/fleet.ts";
import type { IntakeFault } from "../../intake/intake-fault.ts";
import { readLine, type LineLimits } from "../../intake/ndjson-line.ts";
import type { RawEvent } from "../../model/raw-event.ts";

/** Raw events that go in together where no rate is asked for. */
const groupEvents = 256;
/** How often a group goes in where a rate is asked for, a second. */
const groupsPerSecond = 20;

/** How the fleet's events come in. */
export interface FleetInputOptions {
  /** Raw events a second; without it as fast as they are taken. */
  readonly eventsPerSecond?: number;
  readonly limits: LineLimits;
  readonly stop: AbortSignal;
}

/** A fleet's events on their way in, and those whose outcome has not come yet. */
export interface FleetInput {
  readonly groups: AsyncGenerator<readonly (RawEvent | IntakeFault)[], void, undefined>;
  /** The event whose outcome comes next: outcomes keep the order of the input. */
  next(): FleetEvent;
  /** How many events have gone in. */
  sent(): number;
}

/** Sends a fleet's events as lines of NDJSON, read as `run` reads them. */
export function createFleetInput(fleet: Iterable<FleetEvent>, options: FleetInputOptions): FleetInput {
  const waiting = createQueue<FleetEvent>();
  let sent = 0;
  const toRawEvent = (event: FleetEvent): RawEvent | IntakeFault => {
    sent += 1;
    waiting.push(event);
    const nowMs = Date.parse(event.line.time ?? "");
    return readLine(Buffer.from(JSON.stringify(event.line)), { line: sent, nowMs, limits: options.limits });
  };
  return { groups: paced(fleet, options, toRawEvent), next: () => waiting.shift(), sent: () => sent };
}

async function* paced<T>(
  fleet: Iterable<FleetEvent>,
  { eventsPerSecond, stop }: FleetInputOptions,
  map: (event: FleetEvent) => T,
): AsyncGenerator<readonly T[], void, undefined> {
  const size =
    eventsPerSecond === undefined ? groupEvents : Math.max(1, Math.round(eventsPerSecond / groupsPerSecond));
  const startMs = performance.now();
  let group: T[] = [];
  let given = 0;
  for (const event of fleet) {
    if (stop.aborted) break;
    group.push(map(event));
    if (group.length < size) continue;
    given += group.length;
    yield group;
    group = [];
    if (eventsPerSecond !== undefined) await waitUntil(startMs + (1000 * given) / eventsPerSecond, stop);
  }
  if (group.length > 0) yield group;
}

async function waitUntil(timeMs: number, stop: AbortSignal): Promise<void> {
  const waitMs = timeMs - performance.now();
  if (waitMs <= 0) return;
  // An abort ends the wait early, which is all it should do.
  await delay(waitMs, undefined, { signal: stop }).catch(() => undefined);
}

/** First in, first out, in constant time; it is as long as the engine has events in flight. */
function createQueue<T>(): { push(item: T): void; shift(): T } {
  let items: T[] = [];
  let head = 0;
  return {
    push: (item) => items.push(item),
    shift: () => {
      if (head >= items.length) throw new RangeError("an outcome came for which no event went in");
      const item = items[head] as T;
      head += 1;
      if (head > 4096 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
