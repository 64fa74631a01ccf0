import { numberAttribute } from "../attribute.ts";
import { chirpstackUplink, startSession } from "../carrier.ts";
import { dayWave, hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { clamp } from "../random.ts";

const leakFlag = 1;
const backflowFlag = 8;

/** A pulse counter behind ChirpStack; the count only goes up. */
export const waterMeter = defineModel({
  templateId: "water-meter",
  port: 1,

  start: (device, _startMs, random) => ({
    session: startSession(device.assetId),
    litresPerPulse: numberAttribute(device, "litresPerPulse", 1),
    pulses: random.integer(0, 2_000_000),
    waterC: random.between(8, 14),
    batteryPercent: random.between(30, 100),
    leaking: false,
  }),

  advance(state, { nowMs, elapsedMs, random }) {
    if (random.chance(0.002)) state.leaking = !state.leaking;
    const litresPerHour = 14 + 12 * dayWave(nowMs) + (state.leaking ? 60 : 0);
    state.pulses += (litresPerHour * elapsedMs) / hourMs / state.litresPerPulse;
    state.waterC = clamp(state.waterC + random.deviation(0.2), 4, 25);
    state.batteryPercent = clamp(state.batteryPercent - (0.0005 * elapsedMs) / hourMs, 3, 100);
  },

  encode(state, { random }) {
    const frame = Buffer.allocUnsafe(8);
    frame[0] = 0x01;
    frame[1] = (state.leaking ? leakFlag : 0) | (random.chance(0.001) ? backflowFlag : 0);
    frame.writeUInt32LE(Math.floor(state.pulses) >>> 0, 2);
    frame.writeInt8(Math.round(state.waterC), 6);
    frame[7] = Math.round(state.batteryPercent);
    return frame;
  },

  carry: (frame, port, state, { nowMs, random }) =>
    chirpstackUplink(frame, port, state.session, nowMs, {
      rssi: random.integer(-118, -70),
      snr: random.integer(-8, 11),
    }),
});
