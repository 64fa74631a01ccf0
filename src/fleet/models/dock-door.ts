import { textAttribute } from "../attribute.ts";
import { carryBase64 } from "../carrier.ts";
import { hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { clamp } from "../random.ts";

const movedFrame = 1;
const heartbeatFrame = 2;

/** A magnet contact on a dock's door: a frame when the door moves, and heartbeats between. */
export const dockDoor = defineModel({
  templateId: "dock-door",

  start: (device, _startMs, random) => ({
    contact: textAttribute(device, "contact", "normally-closed"),
    open: false,
    sequence: random.integer(0, 255),
    openings: random.integer(0, 20_000),
    batteryPercent: random.between(20, 100),
  }),

  advance(state, { elapsedMs }) {
    state.sequence = (state.sequence + 1) & 0xff;
    state.batteryPercent = clamp(state.batteryPercent - (0.001 * elapsedMs) / hourMs, 2, 100);
  },

  encode(state) {
    state.open = !state.open;
    if (state.open) state.openings = (state.openings + 1) & 0xffff;
    return doorFrame(movedFrame, state);
  },

  heartbeat: { encode: (state) => doorFrame(heartbeatFrame, state) },
  carry: carryBase64,
});

interface DoorState {
  readonly contact: string;
  readonly open: boolean;
  readonly sequence: number;
  readonly openings: number;
  readonly batteryPercent: number;
}

function doorFrame(kind: number, state: DoorState): Buffer {
  const contactClosed = state.contact === "normally-closed" ? !state.open : state.open;
  const frame = Buffer.allocUnsafe(6);
  frame[0] = kind;
  frame[1] = state.sequence;
  frame[2] = contactClosed ? 1 : 0;
  frame.writeUInt16BE(state.openings, 3);
  frame[5] = Math.round(state.batteryPercent);
  return frame;
}
