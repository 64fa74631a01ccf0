// The answer of a Modbus RTU device to "read holding registers 0 to 9", passed on as it came:
//
//   11  03  14  41 48 00 00  00 01 e2 40  00 fa  02 09  01 c7  0b 54  00 03  00 00  29 0f
//   │   │   │   └ ten registers, 16 bits each, high byte first         └ CRC
//   │   │   └ number of register bytes
//   │   └ function (with 0x80 added: the device refused)
//   └ unit
//
// Registers are big-endian by the standard, but the standard knows no 32-bit values: which of the two
// registers comes first differs from maker to maker. The asset says so in `wordOrder`.

function decode(payload, metadata) {
  const { unitId, wordOrder = "high-first" } = metadata.attributes;
  if (payload.length < 5) throw new Error(`an answer has at least 5 bytes, this one ${payload.length}`);

  const sent = payload.readUInt16LE(payload.length - 2);
  const computed = crc16Modbus(payload, payload.length - 2);
  if (sent !== computed) {
    throw new Error(`checksum 0x${sent.toString(16)} does not match, 0x${computed.toString(16)} computed`);
  }
  if (unitId !== undefined && payload[0] !== unitId) {
    throw new Error(`unit ${payload[0]} answered instead of ${unitId}`);
  }
  if (payload[1] === 0x83) {
    throw new Error(`the pump answered with exception ${payload[2]}: ${exceptionName(payload[2])}`);
  }
  if (payload[1] !== 0x03) throw new Error(`function ${payload[1]} is not "read holding registers"`);
  if (payload[2] !== 20 || payload.length !== 25) {
    throw new Error(`${payload[2]} register bytes instead of 20`);
  }

  const registers = payload.subarray(3, 23);
  const wide = (register) => inWordOrder(registers.subarray(register * 2, register * 2 + 4), wordOrder);
  const status = registers.readUInt16BE(16);
  return {
    flowM3h: wide(0).readFloatBE(0),
    volumeM3: wide(2).readUInt32BE(0) / 10,
    suctionBar: registers.readInt16BE(8) / 100,
    pressureBar: registers.readInt16BE(10) / 100,
    motorC: registers.readInt16BE(12) / 10,
    speedRpm: registers.readUInt16BE(14),
    running: (status & 1) !== 0,
    remote: (status & 2) !== 0,
    fault: registers.readUInt16BE(18),
  };
}

function inWordOrder(pair, wordOrder) {
  return wordOrder === "low-first" ? Buffer.concat([pair.subarray(2, 4), pair.subarray(0, 2)]) : pair;
}

// CRC-16/MODBUS: reflected, polynomial 0xA001, starts with all ones, sent low byte first.
function crc16Modbus(bytes, end) {
  let crc = 0xffff;
  for (let i = 0; i < end; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

function exceptionName(code) {
  switch (code) {
    case 1:
      return "illegal function";
    case 2:
      return "illegal data address";
    case 4:
      return "device failure";
    case 6:
      return "device busy";
    default:
      return "not in our list";
  }
}
