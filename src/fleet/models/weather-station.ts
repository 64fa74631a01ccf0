import { numberAttribute } from "../attribute.ts";
import { carryText } from "../carrier.ts";
import { approach, dayWave, hourMs } from "../climate.ts";
import { oneDecimal } from "../decimal.ts";
import { defineModel } from "../device-model.ts";
import { isoTime } from "../iso-time.ts";
import { clamp } from "../random.ts";

const recordMs = 600_000;

/** A logger that uploads the last one to six ten-minute records as CSV, dated by its clock of local time. */
export const weatherStation = defineModel({
  templateId: "weather-station",

  start: (device, startMs, random) => ({
    utcOffsetMs: numberAttribute(device, "utcOffsetMinutes", 0) * 60_000,
    airC: 12 + 6 * dayWave(startMs),
    humidityPercent: random.between(50, 90),
    windMs: random.between(0, 8),
    windFromDegrees: random.between(0, 360),
    pressureHpa: 1013 - numberAttribute(device, "elevationM", 0) / 8.3 + random.deviation(4),
    raining: false,
    records: 1,
  }),

  advance(state, { nowMs, elapsedMs, random }) {
    state.airC = approach(state.airC, 12 + 6 * dayWave(nowMs), elapsedMs, 3 * hourMs);
    state.humidityPercent = clamp(state.humidityPercent + random.deviation(1), 25, 100);
    state.windMs = clamp(state.windMs + random.deviation(0.6), 0, 25);
    state.windFromDegrees = (state.windFromDegrees + random.deviation(8) + 360) % 360;
    state.pressureHpa = clamp(state.pressureHpa + random.deviation(0.05), 900, 1050);
    if (random.chance(0.02)) state.raining = !state.raining;
    state.records = random.integer(1, 6);
  },

  encode(state, { clockMs, random }) {
    const newestMs = Math.floor(clockMs / recordMs) * recordMs + state.utcOffsetMs;
    let text = `WS2,${state.records}\n`;
    for (let back = state.records - 1; back >= 0; back--) {
      const localTime = isoTime(newestMs - back * recordMs).slice(0, 16);
      const airC = oneDecimal(state.airC + random.deviation(0.2));
      const rainMm = oneDecimal(state.raining ? random.between(0, 1.2) : 0);
      text +=
        `${localTime},${airC},${oneDecimal(state.humidityPercent)},${oneDecimal(state.windMs)},` +
        `${Math.floor(state.windFromDegrees)},${rainMm},${oneDecimal(state.pressureHpa)}\n`;
    }
    return Buffer.from(text, "latin1");
  },

  // Somebody set the clock ahead by mistake, or it has not been set since the battery was changed.
  clock: {
    policy: "refused",
    skewMs: (_nowMs, random) =>
      random.chance(0.5) ? random.integer(1, 100) * hourMs : -random.integer(60, 400) * 24 * hourMs,
  },
  eventCount: (state) => state.records,
  carry: (frame) => carryText(frame, "text/csv"),
});
