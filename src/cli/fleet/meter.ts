import type { FleetEvent } from "../../fleet/fleet.ts";
import type { RawEventLine, Rejection, StandardEvent } from "../../model/contract.ts";
import type { Outcome } from "../../pipeline/outcome.ts";
import { foresight } from "./foresight.ts";
import type { FleetState, Percentiles } from "./live-view.ts";
import type { FleetResult } from "./summary.ts";
import { createTally } from "./tally.ts";

/** Seconds of which the view shows the rate. */
const shownSeconds = 48;
/** How long a sample stays, milliseconds: long enough to be read. */
const sampleMs = 3000;
/** The rate is that of this stretch, milliseconds: less flickers, more lags behind. */
const rateMs = 1000;

/** Measures a run as it goes. */
export interface Meter {
  add(event: FleetEvent, outcome: Outcome): void;
  /** How it stands now; called at an interval, it also moves the window of the rate on. */
  state(station: Pick<FleetState, "sandbox" | "latency" | "phase">): FleetState;
  result(sent: number, latency: Percentiles): FleetResult;
}

/** Starts a meter; `wanted` is how many raw events there will be, where that is known. */
export function createMeter(wanted: number | undefined): Meter {
  const tally = createTally();
  const startedMs = performance.now();
  const rates: number[] = [];
  let rateFrom = { atMs: startedMs, raw: 0 };
  let event: Sample<{ readonly line: RawEventLine; readonly bytes: Uint8Array | undefined }> | undefined;
  let rejection: Sample<Rejection> | undefined;

  const add = (sent: FleetEvent, outcome: Outcome): void => {
    tally.add(sent.line.orgId, outcome, foresight(sent.expected, outcome));
    const nowMs = performance.now();
    if (outcome.kind === "standard" && isDue(event, nowMs))
      event = { value: { line: sent.line, bytes: outcome.values[0] }, atMs: nowMs };
    if (outcome.kind === "rejected" && isDue(rejection, nowMs))
      rejection = { value: outcome.rejection, atMs: nowMs };
  };

  const moveOn = (nowMs: number): void => {
    const passedMs = nowMs - rateFrom.atMs;
    if (passedMs >= rateMs * 0.9) {
      rates.push(Math.round((1000 * (tally.total.raw - rateFrom.raw)) / passedMs));
      if (rates.length > shownSeconds) rates.shift();
      rateFrom = { atMs: nowMs, raw: tally.total.raw };
    }
  };

  return {
    add,
    state: (station) => {
      const nowMs = performance.now();
      moveOn(nowMs);
      return {
        elapsedMs: nowMs - startedMs,
        rates,
        tally,
        ...(wanted !== undefined && { wanted }),
        ...(event?.value.bytes !== undefined && {
          sample: { line: event.value.line, event: parseEvent(event.value.bytes) },
        }),
        ...(rejection !== undefined && { rejection: rejection.value }),
        ...station,
      };
    },
    result: (sent, latency) => ({ tally, sent, elapsedMs: performance.now() - startedMs, latency }),
  };
}

function parseEvent(bytes: Uint8Array): StandardEvent {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as StandardEvent;
}

interface Sample<T> {
  readonly value: T;
  readonly atMs: number;
}

function isDue(sample: Sample<unknown> | undefined, nowMs: number): boolean {
  return sample === undefined || nowMs - sample.atMs >= sampleMs;
}
