import { numberAttribute } from "../attribute.ts";
import { carryHex } from "../carrier.ts";
import { crc16X25 } from "../checksum.ts";
import { dayWave, hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { clamp } from "../random.ts";

const headBytes = 6;
const notificationBytes = 20;
const longItemBytes = 21;
const shortItemBytes = 19;
/** Three registers of 32 bits, one of 16, then the check sequence and the closing flag. */
const frameBytes = headBytes + notificationBytes + 3 * longItemBytes + shortItemBytes + 3;

/** A register by the two groups of its OBIS code that differ, and its unit as COSEM numbers them. */
interface Register {
  readonly c: number;
  readonly d: number;
  readonly unit: number;
}
const importEnergy: Register = { c: 1, d: 8, unit: 30 };
const exportEnergy: Register = { c: 2, d: 8, unit: 30 };
const importPower: Register = { c: 1, d: 7, unit: 27 };
const voltage: Register = { c: 32, d: 7, unit: 35 };

/** Minutes from local time to UTC, as COSEM counts them: one hour east of Greenwich. */
const deviationMinutes = -60;

/** A smart meter's push in an HDLC frame; its counters only go up. */
export const smartMeter = defineModel({
  templateId: "smart-meter",

  start: (device, _startMs, random) => ({
    // Behind current transformers the meter itself sees what a household's does.
    base: numberAttribute(device, "ctRatio", 1) > 1 ? 1600 : 450,
    importWh: random.integer(200_000, 9_000_000),
    exportWh: random.integer(0, 400_000),
    powerW: 500,
    voltageV: 230,
    clockErrorMs: random.integer(-60, 60) * 1000,
    invokeId: random.integer(0, 0xffffff),
  }),

  advance(state, { nowMs, elapsedMs, random }) {
    state.importWh += (state.powerW * elapsedMs) / hourMs;
    // Solar panels feed in around noon.
    const sun = clamp(dayWave(nowMs + 2 * hourMs), 0, 1);
    state.exportWh += (sun * 800 * elapsedMs) / hourMs;
    const usual = state.base * (1.4 + 0.5 * dayWave(nowMs - 3 * hourMs));
    state.powerW = clamp(usual + random.deviation(state.base / 3), 40, 12_000);
    state.voltageV = clamp(state.voltageV + random.deviation(0.4), 219, 243);
    state.invokeId = (state.invokeId + 1) & 0xffffff;
  },

  encode(state, { clockMs }) {
    const frame = Buffer.alloc(frameBytes);
    frame[0] = 0x7e;
    frame.writeUInt16BE(0xa000 | (frameBytes - 2), 1);
    frame[3] = 0x41;
    frame[4] = 0x03;
    frame[5] = 0x13;
    frame[headBytes] = 0x0f;
    frame.writeUInt32BE(state.invokeId, headBytes + 1);
    writeDateTime(frame, headBytes + 5, clockMs + state.clockErrorMs);
    frame[headBytes + 18] = 0x01;
    frame[headBytes + 19] = 4;
    let at = headBytes + notificationBytes;
    at = writeLong(frame, at, importEnergy, state.importWh);
    at = writeLong(frame, at, exportEnergy, state.exportWh);
    at = writeLong(frame, at, importPower, state.powerW);
    at = writeVoltage(frame, at, state.voltageV);
    frame.writeUInt16LE(crc16X25(frame, 1, at), at);
    frame[at + 2] = 0x7e;
    return frame;
  },

  // Far beyond the quarter hour that the template allows.
  clock: {
    policy: "refused",
    skewMs: (_nowMs, random) => (random.chance(0.5) ? 1 : -1) * random.integer(1, 24 * 300) * hourMs,
  },
  carry: carryHex,
});

function writeDateTime(frame: Buffer, at: number, timeMs: number): void {
  const local = new Date(timeMs - deviationMinutes * 60_000);
  frame[at] = 0x0c;
  frame.writeUInt16BE(local.getUTCFullYear(), at + 1);
  frame[at + 3] = local.getUTCMonth() + 1;
  frame[at + 4] = local.getUTCDate();
  // Monday is 1 and Sunday 7.
  frame[at + 5] = local.getUTCDay() || 7;
  frame[at + 6] = local.getUTCHours();
  frame[at + 7] = local.getUTCMinutes();
  frame[at + 8] = local.getUTCSeconds();
  frame.writeInt16BE(deviationMinutes, at + 10);
}

function writeLong(frame: Buffer, at: number, register: Register, value: number): number {
  writeObis(frame, at, register);
  frame[at + 10] = 0x06;
  frame.writeUInt32BE(Math.floor(value), at + 11);
  return writeScalerUnit(frame, at + 15, 0, register.unit);
}

function writeVoltage(frame: Buffer, at: number, voltageV: number): number {
  writeObis(frame, at, voltage);
  frame[at + 10] = 0x12;
  frame.writeUInt16BE(Math.round(voltageV * 10), at + 11);
  return writeScalerUnit(frame, at + 13, -1, voltage.unit);
}

/** The structure's head and the OBIS code 1-0:C.D.0*255. */
function writeObis(frame: Buffer, at: number, { c, d }: Register): void {
  frame[at] = 0x02;
  frame[at + 1] = 0x03;
  frame[at + 2] = 0x09;
  frame[at + 3] = 0x06;
  frame[at + 4] = 1;
  frame[at + 5] = 0;
  frame[at + 6] = c;
  frame[at + 7] = d;
  frame[at + 8] = 0;
  frame[at + 9] = 255;
}

function writeScalerUnit(frame: Buffer, at: number, scaler: number, unit: number): number {
  frame[at] = 0x02;
  frame[at + 1] = 0x02;
  frame[at + 2] = 0x0f;
  frame.writeInt8(scaler, at + 3);
  frame[at + 4] = 0x16;
  frame[at + 5] = unit;
  return at + 6;
}
