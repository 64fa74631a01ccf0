import { textAttribute } from "../attribute.ts";
import { carryBase64 } from "../carrier.ts";
import { approach, hourMs } from "../climate.ts";
import type { FleetDevice } from "../device.ts";
import { defineModel } from "../device-model.ts";
import { isoTime } from "../iso-time.ts";
import { clamp, type Random } from "../random.ts";

/** Where the clock of a gateway begins that has lost its power. */
const lostClockMs = Date.UTC(2000, 0, 1);

interface Tag {
  readonly tag: string;
  temperatureC: number;
  humidityPercent: number;
  batteryMv: number;
}

/** A gateway that collects what Bluetooth tags say and sends it once a minute as one JSON document. */
export const yardGateway = defineModel({
  templateId: "yard-gateway",

  start: (device, _startMs, random) => ({
    gateway: device.assetId,
    unit: textAttribute(device, "temperatureUnit", "C"),
    tags: tagNames(device).map((tag) => startTag(tag, random)),
    readings: 0,
  }),

  advance(state, { elapsedMs, random }) {
    for (const tag of state.tags) {
      tag.temperatureC = approach(tag.temperatureC, 4, elapsedMs, 2 * hourMs) + random.deviation(0.1);
      tag.humidityPercent = clamp(tag.humidityPercent + random.deviation(1), 30, 98);
      tag.batteryMv = clamp(tag.batteryMv - elapsedMs / (40 * hourMs), 2200, 3100);
    }
  },

  encode(state, { clockMs, random }) {
    const readings: unknown[] = [];
    for (const tag of state.tags) {
      for (let heard = random.integer(1, 2); heard > 0; heard--) {
        readings.push(readTag(tag, clockMs - random.integer(0, 59) * 1000, state.unit, random));
      }
    }
    state.readings = readings.length;
    return { gateway: state.gateway, sentAt: isoTime(clockMs), readings };
  },

  heartbeat: {
    encode: (state, { clockMs }) => ({ gateway: state.gateway, sentAt: isoTime(clockMs), readings: [] }),
  },

  clock: {
    policy: "corrected",
    skewMs: (nowMs, random) => lostClockMs + random.integer(60, 7200) * 1000 - nowMs,
  },
  eventCount: (state) => state.readings,
  carry: carryBase64,
});

function tagNames(device: FleetDevice): string[] {
  const tags = device.attributes?.["tags"];
  const names = typeof tags === "object" && tags !== null ? Object.keys(tags) : [];
  // Tags that nobody has assigned to goods are heard as well.
  return [...names, "7a900001"];
}

function startTag(tag: string, random: Random): Tag {
  return {
    tag,
    temperatureC: random.between(2, 8),
    humidityPercent: random.between(50, 80),
    batteryMv: random.between(2600, 3050),
  };
}

function readTag(tag: Tag, atMs: number, unit: string, random: Random): unknown {
  const shown = unit === "F" ? (tag.temperatureC * 9) / 5 + 32 : tag.temperatureC;
  return {
    tag: tag.tag,
    at: isoTime(atMs),
    t: Math.round(shown * 10) / 10,
    rh: Math.round(tag.humidityPercent),
    rssi: random.integer(-95, -50),
    mv: Math.round(tag.batteryMv),
  };
}
