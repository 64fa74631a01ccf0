import { carryBase64 } from "../carrier.ts";
import { approach, hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { moveOn, startJourney } from "../journey.ts";
import { clamp } from "../random.ts";

const frameBytes = 28;
const version = 3;

/** A refrigerated trailer's report; its compressor hours only go up, and it is refuelled before it runs dry. */
export const reeferTrailer = defineModel({
  templateId: "reefer-trailer",

  start: (_device, _startMs, random) => {
    const setPointC = random.integer(0, 1) === 0 ? 4 : -20;
    return {
      journey: startJourney(random),
      setPointC,
      returnAirC: setPointC + random.deviation(0.5),
      compressorHours: random.between(500, 30_000),
      fuelPercent: random.between(30, 100),
      defrostUntilMs: 0,
      doorOpen: false,
      sequence: random.integer(0, 0xffff),
    };
  },

  advance(state, { nowMs, elapsedMs, random }) {
    moveOn(state.journey, elapsedMs, random);
    state.doorOpen = random.chance(state.doorOpen ? 0.7 : 0.01);
    if (random.chance(0.005)) state.defrostUntilMs = nowMs + hourMs / 3;
    const warmed = state.doorOpen || nowMs < state.defrostUntilMs;
    const target = state.setPointC + (warmed ? 6 : 0);
    state.returnAirC = approach(state.returnAirC, target, elapsedMs, hourMs / 4) + random.deviation(0.08);
    state.compressorHours += elapsedMs / hourMs;
    state.fuelPercent -= (1.5 * elapsedMs) / hourMs;
    if (state.fuelPercent < 10) state.fuelPercent = 100;
    state.sequence = (state.sequence + 1) & 0xffff;
  },

  encode(state, { nowMs, clockMs }) {
    const frame = Buffer.allocUnsafe(frameBytes);
    const defrosting = nowMs < state.defrostUntilMs;
    frame[0] = version;
    frame[1] = 1 | (defrosting ? 2 : 0) | (state.doorOpen ? 4 : 0);
    frame.writeUInt32BE(Math.floor(clockMs / 1000), 2);
    frame.writeUInt16BE(state.sequence, 6);
    frame.writeInt16BE(Math.round(state.setPointC * 100), 8);
    frame.writeInt16BE(Math.round(state.returnAirC * 100), 10);
    frame.writeInt16BE(Math.round((state.returnAirC - (defrosting ? 0 : 1.8)) * 100), 12);
    frame.writeUInt32BE(Math.round(state.compressorHours * 10), 14);
    frame.writeInt32BE(Math.round(state.journey.lat * 1e7), 18);
    frame.writeInt32BE(Math.round(state.journey.lon * 1e7), 22);
    frame[26] = Math.round(clamp(state.fuelPercent, 0, 100));
    let sum = 0;
    for (let i = 0; i < frameBytes - 1; i++) sum += frame[i] ?? 0;
    frame[27] = sum & 0xff;
    return frame;
  },

  // A unit that has lost its battery counts from 1970 on.
  clock: { policy: "corrected", skewMs: (nowMs, random) => random.integer(30, 90_000) * 1000 - nowMs },
  carry: carryBase64,
});
