// A pulse counter behind a ChirpStack v4 server. The raw event is the server's uplink document; the
// engine takes frame, port and time out of it, so this codec sees what the device sent and nothing else:
//
//   01  00  87 d6 12 00  0b  5e
//   │   │   │            │   └ battery, percent
//   │   │   │            └ water temperature, signed °C
//   │   │   └ pulses since installation, low byte first
//   │   └ flags: 1 leak, 2 burst, 4 tampered, 8 flowed backwards
//   └ frame format

function decodeUplink(input) {
  const { bytes, fPort, variables } = input;
  if (fPort !== 1) return { errors: [`port ${fPort} is not the readings port (1)`] };
  if (bytes.length !== 8) return { errors: [`a reading has 8 bytes, this one ${bytes.length}`] };
  if (bytes[0] !== 0x01) return { errors: [`frame format ${bytes[0]} is unknown`] };

  // `<<` works on signed 32 bits, so the top byte is multiplied instead.
  const pulses = bytes[2] + (bytes[3] << 8) + (bytes[4] << 16) + bytes[5] * 0x1000000;
  const flags = bytes[1];
  const warnings = [];
  if (bytes[7] < 10) warnings.push(`battery at ${bytes[7]} percent`);
  return {
    data: {
      pulses,
      litres: pulses * (variables.litresPerPulse ?? 1),
      leak: (flags & 1) !== 0,
      burst: (flags & 2) !== 0,
      tampered: (flags & 4) !== 0,
      backflow: (flags & 8) !== 0,
      waterC: bytes[6] > 127 ? bytes[6] - 256 : bytes[6],
      batteryPercent: bytes[7],
    },
    warnings,
  };
}

// The common vocabulary that LoRaWAN servers agree on. It reaches transform as metadata.normalized.
function normalizeUplink(input) {
  return {
    data: {
      metering: { water: { total: input.data.litres } },
      water: { temperature: { current: input.data.waterC }, leak: input.data.leak },
    },
  };
}
