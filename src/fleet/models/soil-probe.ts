import { numberAttribute } from "../attribute.ts";
import { carryBase64 } from "../carrier.ts";
import { approach, dayWave, hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { clamp } from "../random.ts";

/** The position is sent with every so many frames, to save air time. */
const framesPerPosition = 16;

/** Soil temperature, moisture and battery in Cayenne LPP; the battery comes last, so that every cut loses it. */
export const soilProbe = defineModel({
  templateId: "soil-probe",

  start: (device, startMs, random) => ({
    lat: random.between(51.4, 51.6),
    lon: random.between(9.7, 10.1),
    altM: random.between(150, 420),
    dryReading: numberAttribute(device, "moistureDry", 15),
    wetReading: numberAttribute(device, "moistureWet", 50),
    temperatureC: 14 + 3 * dayWave(startMs) + random.deviation(1),
    /** 0 is as dry, 1 as wet as this soil gets. */
    moisture: random.between(0.3, 0.8),
    irrigatedUntilMs: 0,
    batteryV: random.between(3.4, 3.7),
    frames: random.integer(0, framesPerPosition),
  }),

  advance(state, { nowMs, elapsedMs, random }) {
    // Soil follows the air slowly.
    const target = 14 + 3 * dayWave(nowMs - 3 * hourMs);
    state.temperatureC = approach(state.temperatureC, target, elapsedMs, 6 * hourMs) + random.deviation(0.05);
    if (state.moisture < 0.25 && nowMs > state.irrigatedUntilMs) state.irrigatedUntilMs = nowMs + hourMs;
    const irrigated = nowMs < state.irrigatedUntilMs;
    state.moisture = clamp(state.moisture + ((irrigated ? 0.5 : -0.01) * elapsedMs) / hourMs, 0, 1);
    state.batteryV = clamp(state.batteryV - (0.00002 * elapsedMs) / hourMs, 2.6, 3.7);
    state.frames += 1;
  },

  encode(state, { nowMs }) {
    const positionBytes = state.frames % framesPerPosition === 0 ? 11 : 0;
    const frame = Buffer.allocUnsafe(positionBytes + 14);
    if (positionBytes > 0) {
      frame[0] = 4;
      frame[1] = 0x88;
      frame.writeIntBE(Math.round(state.lat * 10_000), 2, 3);
      frame.writeIntBE(Math.round(state.lon * 10_000), 5, 3);
      frame.writeIntBE(Math.round(state.altM * 100), 8, 3);
    }
    let at = positionBytes;
    frame[at] = 1;
    frame[at + 1] = 0x67;
    frame.writeInt16BE(Math.round(state.temperatureC * 10), at + 2);
    at += 4;
    frame[at] = 2;
    frame[at + 1] = 0x68;
    frame[at + 2] = Math.round(
      (state.dryReading + state.moisture * (state.wetReading - state.dryReading)) * 2,
    );
    frame[at + 3] = 5;
    frame[at + 4] = 0x00;
    frame[at + 5] = nowMs < state.irrigatedUntilMs ? 1 : 0;
    at += 6;
    frame[at] = 3;
    frame[at + 1] = 0x02;
    frame.writeInt16BE(Math.round(state.batteryV * 100), at + 2);
    return frame;
  },

  carry: carryBase64,
});
