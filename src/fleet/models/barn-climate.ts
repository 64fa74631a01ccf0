import { carryLorawan } from "../carrier.ts";
import { approach, dayWave, hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { clamp } from "../random.ts";

/** Barn air as type, length, value; newer firmware adds a tag that the template does not know. */
export const barnClimate = defineModel({
  templateId: "barn-climate",
  port: 10,

  start: (_device, startMs, random) => ({
    firmware: random.chance(0.25) ? ("new" as const) : ("old" as const),
    temperatureC: 18 + 4 * dayWave(startMs),
    humidityPercent: random.between(55, 75),
    co2Ppm: random.between(900, 1800),
    ammoniaPpm: random.between(4, 14),
    batteryV: random.between(2.9, 3.3),
    bootMs: startMs - random.integer(1, 200) * 24 * hourMs,
  }),

  advance(state, { nowMs, elapsedMs, random }) {
    state.temperatureC =
      approach(state.temperatureC, 18 + 4 * dayWave(nowMs), elapsedMs, 2 * hourMs) + random.deviation(0.1);
    state.humidityPercent = clamp(state.humidityPercent + random.deviation(0.3), 40, 95);
    // The air gets worse until somebody opens a gate.
    const aired = random.chance(0.005);
    state.co2Ppm = aired ? 600 : clamp(state.co2Ppm + random.deviation(12) + 1, 420, 4500);
    state.ammoniaPpm = aired ? 2 : clamp(state.ammoniaPpm + random.deviation(0.2) + 0.01, 0, 45);
    state.batteryV = clamp(state.batteryV - (0.00001 * elapsedMs) / hourMs, 2.4, 3.3);
  },

  encode(state) {
    const extraBytes = state.firmware === "new" ? 3 : 0;
    const frame = Buffer.allocUnsafe(extraBytes + 19);
    if (extraBytes > 0) {
      frame[0] = 0x21;
      frame[1] = 1;
      frame[2] = 7;
    }
    frame[extraBytes] = 0x01;
    frame[extraBytes + 1] = 2;
    frame.writeInt16BE(Math.round(state.temperatureC * 100), extraBytes + 2);
    frame[extraBytes + 4] = 0x02;
    frame[extraBytes + 5] = 1;
    frame[extraBytes + 6] = Math.round(state.humidityPercent * 2);
    writeItem(frame, extraBytes + 7, 0x03, Math.round(state.co2Ppm));
    writeItem(frame, extraBytes + 11, 0x04, Math.round(state.ammoniaPpm * 10));
    writeItem(frame, extraBytes + 15, 0x05, Math.round(state.batteryV * 1000));
    return frame;
  },

  heartbeat: {
    port: 11,
    encode(state, { nowMs }) {
      const frame = Buffer.allocUnsafe(4);
      frame.writeUInt32BE(Math.floor((nowMs - state.bootMs) / 1000));
      return frame;
    },
  },

  carry: carryLorawan,
});

function writeItem(frame: Buffer, at: number, tag: number, value: number): void {
  frame[at] = tag;
  frame[at + 1] = 2;
  frame.writeUInt16BE(value, at + 2);
}
