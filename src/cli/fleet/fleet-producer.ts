import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../../config/config.ts";
import { createFleet, type FleetEvent } from "../../fleet/fleet.ts";
import { noEventId, toIngestRecord } from "../../intake/event-record.ts";
import { readLine, type LineLimits } from "../../intake/ndjson-line.ts";
import { MillraceError } from "../../model/error.ts";
import type { Log, OutgoingRecord, RecordPlace } from "../../stream/port.ts";
import type { OutcomeFollower } from "./outcome-follower.ts";

/** The simulated clock starts here, so that the same seed gives the same events on every day. */
const startMs = Date.UTC(2025, 0, 1);
/** Records that are appended together where no rate is asked for. */
const batchEvents = 512;
/** How often a batch is appended where a rate is asked for, a second. */
const batchesPerSecond = 20;

/** Records on their way at once; more only makes them wait in the log. */
const mostPending = 5_000;

export interface ProductionOptions {
  readonly flags: {
    readonly seed: number;
    readonly events?: number | undefined;
    readonly rate?: number | undefined;
  };
  readonly config: Pick<Config, "limits" | "topics">;
  readonly stream: { readonly log: Pick<Log, "append"> };
  readonly interrupt: AbortSignal;
  readonly leaving: AbortController;
}

/** A fleet that sends. */
export interface Production {
  /** Events that are durable in the log. */
  sent(): number;
  ended(): boolean;
  /** Rejects with what keeps the log from taking them; the production has ended then too. */
  readonly done: Promise<void>;
}

/** Appends a fleet's events to the ingest topic until the fleet ends or is to stop. */
export function startProduction(
  { flags, config, stream, interrupt, leaving }: ProductionOptions,
  follower: Pick<OutcomeFollower<FleetEvent>, "sent" | "pending">,
): Production {
  const stop = AbortSignal.any([interrupt, leaving.signal]);
  const { rate, events, seed } = flags;
  const fleet = createFleet({ seed, startMs, ...(events !== undefined && { events }) });
  let [sent, ended] = [0, false];
  const produce = async (): Promise<void> => {
    const size = rate === undefined ? batchEvents : Math.max(1, Math.round(rate / batchesPerSecond));
    const fromMs = performance.now();
    for (const batch of batches(fleet, size)) {
      if (stop.aborted) return;
      const places = await append(batch, stream.log, config);
      for (const [index, place] of places.entries()) follower.sent(place, batch[index] as FleetEvent);
      sent += batch.length;
      if (rate !== undefined) await waitUntil(fromMs + (1000 * sent) / rate, stop);
      while (follower.pending() > mostPending && !stop.aborted) await delay(10);
    }
  };
  const done = produce().finally(() => (ended = true));
  done.catch(() => {});
  return { sent: () => sent, ended: () => ended, done };
}

async function append(
  batch: readonly FleetEvent[],
  log: Pick<Log, "append">,
  { topics, limits }: ProductionOptions["config"],
): Promise<readonly RecordPlace[]> {
  const nowMs = Date.now();
  return log.append(batch.map((event) => toRecord(event, topics.ingest, { nowMs, limits })));
}

interface Reading {
  readonly nowMs: number;
  readonly limits: LineLimits;
}

function toRecord({ line }: FleetEvent, topic: string, { nowMs, limits }: Reading): OutgoingRecord {
  const event = readLine(Buffer.from(JSON.stringify(line)), {
    line: 1,
    nowMs,
    limits,
    defaultEventId: noEventId,
  });
  if ("fault" in event)
    throw new MillraceError("INTERNAL", `a device sent no raw event: ${event.fault.message}`);
  return { topic, ...toIngestRecord(event), timestampMs: nowMs };
}

function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function waitUntil(timeMs: number, stop: AbortSignal): Promise<void> {
  const waitMs = timeMs - performance.now();
  if (waitMs <= 0) return;
  // An abort ends the wait early, which is all it should do.
  await delay(waitMs, undefined, { signal: stop }).catch(() => undefined);
}
