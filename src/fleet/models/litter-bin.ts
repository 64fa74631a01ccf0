import { numberAttribute } from "../attribute.ts";
import { startSession, thingsStackUplink } from "../carrier.ts";
import { approach, dayWave, hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { clamp } from "../random.ts";

const firmware = 2;

/** A level sensor in a litter bin, behind The Things Stack; the bin fills by day and is emptied when it is full. */
export const litterBin = defineModel({
  templateId: "litter-bin",
  port: 3,

  start: (device, startMs, random) => ({
    session: startSession(device.assetId),
    depthMm: numberAttribute(device, "depthMm", 1200),
    /** 0 is empty, 1 full. */
    fill: random.between(0, 0.7),
    fillPerHour: random.between(0.02, 0.08),
    temperatureC: 12 + 8 * dayWave(startMs),
    batteryV: random.between(3.2, 3.6),
  }),

  advance(state, { nowMs, elapsedMs, random }) {
    const visitors = clamp(0.5 + 0.5 * dayWave(nowMs), 0.05, 1);
    state.fill += (state.fillPerHour * visitors * elapsedMs) / hourMs;
    if (state.fill > 0.95) state.fill = random.between(0, 0.05);
    state.temperatureC = approach(state.temperatureC, 12 + 8 * dayWave(nowMs), elapsedMs, hourMs);
    state.batteryV = clamp(state.batteryV - (0.00002 * elapsedMs) / hourMs, 2.5, 3.6);
  },

  encode(state, { random }) {
    const frame = Buffer.allocUnsafe(5);
    const distanceMm = (1 - state.fill) * state.depthMm + random.deviation(4);
    frame[0] = firmware;
    frame.writeUInt16BE(Math.round(clamp(distanceMm, 20, state.depthMm)), 1);
    frame.writeInt8(Math.round(state.temperatureC), 3);
    frame[4] = Math.round(state.batteryV * 64);
    return frame;
  },

  heartbeat: { port: 4, encode: (state) => Buffer.from([firmware, Math.round(state.batteryV * 64)]) },

  carry: (frame, port, state, { nowMs, random }) =>
    thingsStackUplink(frame, port, state.session, nowMs, {
      rssi: random.integer(-118, -70),
      snr: random.integer(-8, 11),
    }),
});
