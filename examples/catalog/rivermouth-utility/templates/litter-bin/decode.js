// An ultrasonic level sensor under the lid, behind The Things Stack v3. As with any network server the
// engine hands over the frame that the document carries:
//
//   port 3:  02  02 9e  16  e6        port 4 (once a day):  02  e6
//            │   │      │   │                               │   └ battery
//            │   │      │   └ battery, 1/64 V               └ firmware
//            │   │      └ temperature, signed °C
//            │   └ distance to the litter, mm; 0 means no echo
//            └ firmware

function decodeUplink(input) {
  const { bytes, fPort } = input;
  switch (fPort) {
    case 3:
      return decodeLevel(bytes);
    case 4:
      return decodeAlive(bytes);
    default:
      return { errors: [`port ${fPort} is neither 3 (level) nor 4 (alive)`] };
  }
}

function decodeLevel(bytes) {
  if (bytes.length !== 5 || bytes[0] !== 2) return { errors: ["not a level frame of firmware 2"] };
  return {
    data: {
      kind: "level",
      distanceMm: bytes[1] * 256 + bytes[2],
      temperatureC: bytes[3] > 127 ? bytes[3] - 256 : bytes[3],
      batteryV: bytes[4] / 64,
    },
  };
}

function decodeAlive(bytes) {
  if (bytes.length !== 2 || bytes[0] !== 2) return { errors: ["not an alive frame of firmware 2"] };
  return { data: { kind: "alive", batteryV: bytes[1] / 64 } };
}
