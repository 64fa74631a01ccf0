import { carryText } from "../carrier.ts";
import { nmeaChecksum } from "../checksum.ts";
import { hourMs } from "../climate.ts";
import { oneDecimal } from "../decimal.ts";
import { defineModel } from "../device-model.ts";
import { isoTime } from "../iso-time.ts";
import { moveOn, startJourney } from "../journey.ts";
import { clamp } from "../random.ts";

const rolloverMs = 1024 * 7 * 24 * hourMs;
const kmhPerKnot = 1.852;

/** A vehicle tracker that sends NMEA 0183 sentences; without a fix it says no more than that it is alive. */
export const truckTracker = defineModel({
  templateId: "truck-tracker",

  start: (_device, _startMs, random) => ({
    journey: startJourney(random),
    odometerKm: random.between(20_000, 600_000),
    batteryV: random.between(24.5, 28),
  }),

  advance(state, { elapsedMs, random }) {
    state.odometerKm += moveOn(state.journey, elapsedMs, random);
    state.batteryV = clamp(state.batteryV + random.deviation(0.05), 23.5, 28.5);
  },

  encode(state, { clockMs }) {
    const { lat, lon, speedKmh, courseDegrees } = state.journey;
    const [time, date] = gpsTime(clockMs);
    const position = `${angle(lat, 2)},${lat < 0 ? "S" : "N"},${angle(lon, 3)},${lon < 0 ? "W" : "E"}`;
    const motion = `${oneDecimal(speedKmh / kmhPerKnot)},${oneDecimal(courseDegrees)}`;
    return sentences(
      `GNRMC,${time},A,${position},${motion},${date},,,A`,
      vehicleSentence(state, speedKmh > 0 ? 1 : 0),
    );
  },

  heartbeat: {
    encode(state, { clockMs }) {
      const [time, date] = gpsTime(clockMs);
      return sentences(`GNRMC,${time},V,,,,,,,${date},,,N`, vehicleSentence(state, 1));
    },
  },

  // A receiver that does not know of the last rollover of the GPS week.
  clock: { policy: "corrected", skewMs: () => -rolloverMs },
  // Line end and one digit of the checksum: less is not missed.
  noticedCutBytes: 3,
  carry: (frame) => carryText(frame, "text/plain"),
});

function vehicleSentence(
  state: { readonly batteryV: number; readonly odometerKm: number },
  ignition: 0 | 1,
): string {
  return `PNLV,${oneDecimal(state.batteryV)},${ignition},${oneDecimal(state.odometerKm)}`;
}

function sentences(first: string, second: string): Buffer {
  return Buffer.from(`$${first}*${nmeaChecksum(first)}\r\n$${second}*${nmeaChecksum(second)}\r\n`, "latin1");
}

/** hhmmss.ss and ddmmyy. */
function gpsTime(clockMs: number): [time: string, date: string] {
  const iso = isoTime(clockMs);
  return [
    `${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}.00`,
    `${iso.slice(8, 10)}${iso.slice(5, 7)}${iso.slice(2, 4)}`,
  ];
}

/** Degrees and minutes as NMEA writes them, ddmm.mmmm, in ten-thousandths of a minute so that 60.0000 cannot come out. */
function angle(degrees: number, degreeDigits: number): string {
  const total = Math.round(Math.abs(degrees) * 600_000);
  const whole = Math.floor(total / 600_000);
  const rest = total - whole * 600_000;
  const minutes = String(Math.floor(rest / 10_000)).padStart(2, "0");
  return `${String(whole).padStart(degreeDigits, "0")}${minutes}.${String(rest % 10_000).padStart(4, "0")}`;
}
