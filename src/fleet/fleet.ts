import type { RawEventLine } from "../model/contract.ts";
import { MillraceError } from "../model/error.ts";
import type { FleetDevice } from "./device.ts";
import type { RunningDevice } from "./device-model.ts";
import { deviceModels } from "./device-models.ts";
import {
  defaultRates,
  type EventKind,
  eventKinds,
  type ExpectedOutcome,
  type MisbehaviourRates,
} from "./event-kind.ts";
import { isoTime } from "./iso-time.ts";
import { createRandom, type Random } from "./random.ts";
import { exampleDevices } from "./roster.ts";

export interface FleetOptions {
  /** A safe integer. The same options give the same bytes on every machine. */
  readonly seed: number;
  /** When the fleet starts, epoch milliseconds, in the years 2020 to 2089: trackers send two digits of the year. */
  readonly startMs: number;
  /** Mean time from one raw event of the fleet to the next, simulated milliseconds; 250 where it is not given. */
  readonly meanIntervalMs?: number;
  /** How many raw events; without it the fleet never stops. */
  readonly events?: number;
  /** By default all assets of the example catalog. Each must be bound to a template that has a device model. */
  readonly devices?: readonly FleetDevice[];
  /** Shares that differ from `defaultRates`. */
  readonly rates?: Partial<MisbehaviourRates>;
}

/** One raw event of the fleet, with what is known about it that its reader does not know. */
export interface FleetEvent {
  readonly line: RawEventLine;
  readonly kind: EventKind;
  readonly templateId: string;
  /** What the example templates make of it. */
  readonly expected: ExpectedOutcome;
}

const earliestStartMs = Date.UTC(2020, 0, 1);
const latestStartMs = Date.UTC(2090, 0, 1);
/** How many of the last healthy events a duplicate is chosen from. */
const recentEvents = 8;

/**
 * A fleet of devices that send raw events, each with its own state and in the time of the simulation. Every iteration
 * begins anew and gives the same events.
 *
 * A kind of event is drawn first and then a device that can show it, so the shares are those of `rates` whatever the
 * fleet consists of; a kind that none of its devices can show gives healthy events instead.
 *
 * @throws MillraceError `USAGE` for options out of range and for a device whose template cannot be simulated
 */
export function createFleet(options: FleetOptions): Iterable<FleetEvent> {
  const rates = { ...defaultRates, ...options.rates };
  checkOptions(options, rates);
  return { [Symbol.iterator]: () => simulate(options, rates) };
}

function* simulate(options: FleetOptions, rates: MisbehaviourRates): Generator<FleetEvent, void, undefined> {
  const {
    startMs,
    meanIntervalMs = 250,
    events = Number.POSITIVE_INFINITY,
    devices = exampleDevices,
  } = options;
  const random = createRandom(options.seed);
  const able = startDevices(devices, startMs, random);
  const recent: FleetEvent[] = [];
  let healthy = 0;
  let clockMs = startMs;
  for (let sent = 0; sent < events; sent++) {
    clockMs += random.between(0, 2 * meanIntervalMs);
    const drawn = drawKind(rates, random);
    const original = drawn === "duplicate" ? recent[random.integer(0, recent.length - 1)] : undefined;
    if (original !== undefined) {
      yield repeated(original, random);
      continue;
    }
    const kind = drawn !== "duplicate" && able[drawn].length > 0 ? drawn : "healthy";
    const candidates = able[kind];
    const sender = candidates[random.integer(0, candidates.length - 1)];
    // Every device can be healthy and there is at least one, so this is never reached; the types cannot know it.
    if (sender === undefined) return;
    const event = sendOnce(sender, kind, Math.floor(clockMs));
    if (kind === "healthy") recent[healthy++ % recentEvents] = event;
    yield event;
  }
}

function sendOnce(sender: RunningDevice, kind: EventKind, nowMs: number): FleetEvent {
  const { orgId, assetId, templateId } = sender.device;
  const { body, expected } = sender.send(kind, nowMs);
  const line = {
    orgId,
    assetId: kind === "unknownAsset" ? `${assetId}-unregistered` : assetId,
    time: isoTime(nowMs),
    ...body,
  };
  return { line, kind, templateId, expected };
}

/** The same raw event from a second receiver, a moment after the first: seconds at most, so that no template sees an old clock. */
function repeated(original: FleetEvent, random: Random): FleetEvent {
  const firstMs = Date.parse(original.line.time ?? "");
  const line = { ...original.line, time: isoTime(firstMs + random.integer(5, 3000)) };
  return { ...original, line, kind: "duplicate" };
}

function drawKind(rates: MisbehaviourRates, random: Random): EventKind {
  let left = random.next();
  for (const kind of eventKinds) {
    if (kind === "healthy") continue;
    left -= rates[kind];
    if (left < 0) return kind;
  }
  return "healthy";
}

function startDevices(
  devices: readonly FleetDevice[],
  startMs: number,
  random: Random,
): Record<EventKind, RunningDevice[]> {
  const able: Record<EventKind, RunningDevice[]> = {
    healthy: [],
    heartbeat: [],
    duplicate: [],
    truncated: [],
    garbage: [],
    wrongPort: [],
    clockSkew: [],
    unknownAsset: [],
  };
  for (const device of devices) {
    const model = deviceModels.get(device.templateId);
    if (model === undefined) continue;
    const running = model.start(device, startMs, random);
    for (const kind of eventKinds) if (model.canShow(kind)) able[kind].push(running);
  }
  return able;
}

function checkOptions(options: FleetOptions, rates: MisbehaviourRates): void {
  const { seed, startMs, meanIntervalMs = 250, devices = exampleDevices } = options;
  if (!Number.isSafeInteger(seed)) throw new MillraceError("USAGE", `the seed ${seed} is not a safe integer`);
  if (!(startMs >= earliestStartMs && startMs < latestStartMs)) {
    throw new MillraceError("USAGE", `the start ${startMs} is not in the years 2020 to 2089`);
  }
  if (!(meanIntervalMs >= 0 && Number.isFinite(meanIntervalMs))) {
    throw new MillraceError("USAGE", `the mean interval ${meanIntervalMs} is not a number of milliseconds`);
  }
  const shares = Object.values(rates);
  if (!shares.every((share) => share >= 0) || shares.reduce((sum, share) => sum + share, 0) > 1) {
    throw new MillraceError(
      "USAGE",
      `the rates ${JSON.stringify(rates)} are not shares that add up to 1 at most`,
    );
  }
  if (devices.length === 0) throw new MillraceError("USAGE", "a fleet needs at least one device");
  for (const { orgId, assetId, templateId } of devices) {
    if (deviceModels.has(templateId)) continue;
    throw new MillraceError(
      "USAGE",
      `asset ${assetId} of org ${orgId}: there is no device model for template ${templateId}`,
    );
  }
}
