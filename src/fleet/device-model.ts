import type { FleetDevice, Frame, LineBody } from "./device.ts";
import type { EventKind, ExpectedOutcome } from "./event-kind.ts";
import { cutFrame, noise, strayPort } from "./misbehaviour.ts";
import type { Random } from "./random.ts";

/** The circumstances of one transmission. */
export interface Moment {
  /** When the raw event is received, epoch milliseconds. */
  readonly nowMs: number;
  /** What the device takes for now. */
  readonly clockMs: number;
  /** Since the device last sent. */
  readonly elapsedMs: number;
  readonly random: Random;
}

/** What one kind of device does. `State` is what it remembers and its sensors see. */
export interface DeviceBehaviour<State> {
  /** The example template that decodes its frames. */
  readonly templateId: string;
  readonly start: (device: FleetDevice, startMs: number, random: Random) => State;
  /** Lets the time since the last transmission pass. */
  readonly advance: (state: State, moment: Moment) => void;
  readonly encode: (state: State, moment: Moment) => Frame;
  /** Puts a frame (a damaged one too) into the fields of a line, as the device's network does. */
  readonly carry: (frame: Frame, port: number, state: State, moment: Moment) => LineBody;
  /** LoRaWAN port of a reading; only devices that have one can show a wrong one. */
  readonly port?: number;
  readonly heartbeat?: { readonly encode: (state: State, moment: Moment) => Frame; readonly port?: number };
  /** How far the clock of a device that has lost it is off, and what the template does about it. */
  readonly clock?: {
    readonly skewMs: (nowMs: number, random: Random) => number;
    readonly policy: "corrected" | "refused";
  };
  /** For templates that make an array: how many events the last encoded reading becomes. */
  readonly eventCount?: (state: State) => number;
  /** How many bytes must be missing before the template can notice it; 1 where it is not given. */
  readonly noticedCutBytes?: number;
}

/** A device that has been started; it carries its own state. */
export interface RunningDevice {
  readonly device: FleetDevice;
  /** Sends once. Times must not go back from call to call. */
  send(kind: EventKind, nowMs: number): { readonly body: LineBody; readonly expected: ExpectedOutcome };
}

/** A kind of device, ready to be started as often as needed. */
export interface DeviceModel {
  readonly templateId: string;
  readonly canShow: (kind: EventKind) => boolean;
  readonly start: (device: FleetDevice, startMs: number, random: Random) => RunningDevice;
}

/** Adds to a behaviour what all devices have in common: time, and the ways in which a transmission goes wrong. */
export function defineModel<State>(behaviour: DeviceBehaviour<State>): DeviceModel {
  return {
    templateId: behaviour.templateId,
    canShow: (kind) => canShow(behaviour, kind),
    start(device, startMs, random) {
      const state = behaviour.start(device, startMs, random);
      let lastMs = startMs;
      return {
        device,
        send(kind, nowMs) {
          const skewMs = kind === "clockSkew" ? (behaviour.clock?.skewMs(nowMs, random) ?? 0) : 0;
          const moment = { nowMs, clockMs: nowMs + skewMs, elapsedMs: nowMs - lastMs, random };
          lastMs = nowMs;
          behaviour.advance(state, moment);
          return {
            body: transmit(behaviour, state, kind, moment),
            expected: expectedOutcome(behaviour, state, kind),
          };
        },
      };
    },
  };
}

function canShow<State>(behaviour: DeviceBehaviour<State>, kind: EventKind): boolean {
  switch (kind) {
    case "healthy":
    case "duplicate":
    case "truncated":
    case "garbage":
    case "unknownAsset":
      return true;
    case "heartbeat":
      return behaviour.heartbeat !== undefined;
    case "wrongPort":
      return behaviour.port !== undefined;
    case "clockSkew":
      return behaviour.clock !== undefined;
  }
}

function transmit<State>(
  behaviour: DeviceBehaviour<State>,
  state: State,
  kind: EventKind,
  moment: Moment,
): LineBody {
  const port = behaviour.port ?? 0;
  switch (kind) {
    case "healthy":
    case "duplicate":
    case "clockSkew":
    case "unknownAsset":
      return behaviour.carry(behaviour.encode(state, moment), port, state, moment);
    case "heartbeat": {
      const heartbeat = behaviour.heartbeat ?? behaviour;
      return behaviour.carry(heartbeat.encode(state, moment), heartbeat.port ?? port, state, moment);
    }
    case "wrongPort":
      return behaviour.carry(behaviour.encode(state, moment), strayPort(moment.random), state, moment);
    case "truncated": {
      const cut = cutFrame(behaviour.encode(state, moment), behaviour.noticedCutBytes ?? 1, moment.random);
      return behaviour.carry(cut, port, state, moment);
    }
    case "garbage":
      return behaviour.carry(noise(moment.random), port, state, moment);
  }
}

const filtered: ExpectedOutcome = { outcome: "filtered" };
const oneEvent: ExpectedOutcome = { outcome: "standard", shape: "one", events: 1 };
const rejected: ExpectedOutcome = { outcome: "rejected" };
const undecodable: ExpectedOutcome = { outcome: "rejected", stage: "decode" };
const portRefused: ExpectedOutcome = { outcome: "rejected", stage: "decode", code: "CODEC_ERRORS" };
const clockRefused: ExpectedOutcome = { outcome: "rejected", stage: "validate", code: "VALIDATE_REFUSED" };
const unknownAsset: ExpectedOutcome = { outcome: "rejected", stage: "intake", code: "UNKNOWN_ASSET" };

function expectedOutcome<State>(
  behaviour: DeviceBehaviour<State>,
  state: State,
  kind: EventKind,
): ExpectedOutcome {
  switch (kind) {
    case "healthy":
    case "duplicate":
      return reading(behaviour, state);
    case "clockSkew":
      return behaviour.clock?.policy === "refused" ? clockRefused : reading(behaviour, state);
    case "heartbeat":
      return filtered;
    case "truncated":
      return rejected;
    case "garbage":
      return undecodable;
    case "wrongPort":
      return portRefused;
    case "unknownAsset":
      return unknownAsset;
  }
}

function reading<State>(behaviour: DeviceBehaviour<State>, state: State): ExpectedOutcome {
  return behaviour.eventCount === undefined
    ? oneEvent
    : { outcome: "standard", shape: "many", events: behaviour.eventCount(state) };
}
