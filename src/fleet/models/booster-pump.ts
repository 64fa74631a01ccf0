import { numberAttribute, textAttribute } from "../attribute.ts";
import { carryHex } from "../carrier.ts";
import { crc16Modbus } from "../checksum.ts";
import { approach, dayWave, hourMs } from "../climate.ts";
import { defineModel } from "../device-model.ts";
import { clamp } from "../random.ts";

const registerBytes = 20;
const frameBytes = 3 + registerBytes + 2;

/** A pressure pump's registers as a Modbus RTU answer, in the word order of its maker. */
export const boosterPump = defineModel({
  templateId: "booster-pump",

  start: (device, _startMs, random) => ({
    unitId: numberAttribute(device, "unitId", 1),
    wordOrder: textAttribute(device, "wordOrder", "high-first"),
    maxPressureBar: numberAttribute(device, "maxPressureBar", 10),
    running: true,
    flowM3h: random.between(20, 60),
    volumeM3: random.integer(1_000, 400_000),
    pressureBar: 5,
    suctionBar: random.between(1.5, 2.8),
    motorC: random.between(35, 55),
    fault: 0,
  }),

  advance(state, { nowMs, elapsedMs, random }) {
    state.volumeM3 += (state.flowM3h * elapsedMs) / hourMs;
    if (random.chance(0.01)) state.running = !state.running;
    // A fault stops the pump until somebody clears it.
    state.fault =
      state.fault === 0
        ? random.chance(0.002)
          ? random.integer(1, 12)
          : 0
        : random.chance(0.2)
          ? 0
          : state.fault;
    const turning = state.running && state.fault === 0;
    state.flowM3h = turning ? clamp(40 + 18 * dayWave(nowMs) + random.deviation(4), 5, 90) : 0;
    state.suctionBar = clamp(state.suctionBar + random.deviation(0.02), 1, 3.5);
    const usualBar = turning ? state.maxPressureBar * 0.8 : state.suctionBar;
    state.pressureBar = clamp(usualBar + random.deviation(state.maxPressureBar * 0.05), 0, 25);
    state.motorC = approach(state.motorC, turning ? 68 : 22, elapsedMs, hourMs / 2) + random.deviation(0.2);
  },

  encode(state) {
    const frame = Buffer.allocUnsafe(frameBytes);
    const turning = state.running && state.fault === 0;
    frame[0] = state.unitId;
    frame[1] = 0x03;
    frame[2] = registerBytes;
    frame.writeFloatBE(state.flowM3h, 3);
    frame.writeUInt32BE(Math.floor(state.volumeM3 * 10) >>> 0, 7);
    if (state.wordOrder === "low-first") {
      swapWords(frame, 3);
      swapWords(frame, 7);
    }
    frame.writeInt16BE(Math.round(state.suctionBar * 100), 11);
    frame.writeInt16BE(Math.round(state.pressureBar * 100), 13);
    frame.writeInt16BE(Math.round(state.motorC * 10), 15);
    frame.writeUInt16BE(turning ? 2900 : 0, 17);
    // Bit 0 running, bit 1 under remote control.
    frame.writeUInt16BE(turning ? 3 : 2, 19);
    frame.writeUInt16BE(state.fault, 21);
    frame.writeUInt16LE(crc16Modbus(frame, 0, frameBytes - 2), frameBytes - 2);
    return frame;
  },

  carry: carryHex,
});

function swapWords(frame: Buffer, at: number): void {
  const high = frame.readUInt16BE(at);
  frame.writeUInt16BE(frame.readUInt16BE(at + 2), at);
  frame.writeUInt16BE(high, at + 2);
}
