import type { RejectionCode, RejectionStage } from "../model/contract.ts";

/** What can happen on the way from a device to a raw event; a simulated event shows exactly one of these. */
export const eventKinds = [
  /** A reading as it should be. */
  "healthy",
  /** A sign of life that carries no reading. */
  "heartbeat",
  /** A healthy raw event once more, as when two gateways hear one radio frame. */
  "duplicate",
  /** The end of the frame is missing. */
  "truncated",
  /** Bytes that no device of this template ever sends. */
  "garbage",
  /** A healthy frame under a LoRaWAN port of which the template knows nothing. */
  "wrongPort",
  /** The device's own clock is off by far more than a drift. */
  "clockSkew",
  /** From a device that nobody has entered into the catalog. */
  "unknownAsset",
] as const;

export type EventKind = (typeof eventKinds)[number];

/** The share of all events that shows each kind, from 0 to 1; the rest is healthy. */
export type MisbehaviourRates = Readonly<Record<Exclude<EventKind, "healthy">, number>>;

/** Assumed, not measured: heartbeats are common, and of the faults a fleet operator sees each kind every few hundred events. */
export const defaultRates: MisbehaviourRates = {
  heartbeat: 0.04,
  duplicate: 0.01,
  truncated: 0.005,
  garbage: 0.002,
  wrongPort: 0.003,
  clockSkew: 0.005,
  unknownAsset: 0.002,
};

/** Rates of a fleet in which nothing goes wrong and every event is a reading. */
export const healthyRates: MisbehaviourRates = {
  heartbeat: 0,
  duplicate: 0,
  truncated: 0,
  garbage: 0,
  wrongPort: 0,
  clockSkew: 0,
  unknownAsset: 0,
};

/**
 * What the example templates make of a raw event. A rejection names its stage and code where the kind of event alone
 * decides them: a truncated frame may be noticed while decoding or only when a reading turns out to be incomplete.
 */
export type ExpectedOutcome =
  | { readonly outcome: "standard"; readonly shape: "one" | "many"; readonly events: number }
  | { readonly outcome: "filtered" }
  | { readonly outcome: "rejected"; readonly stage?: RejectionStage; readonly code?: RejectionCode };
