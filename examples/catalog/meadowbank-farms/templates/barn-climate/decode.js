// Type-length-value: each measurement is [tag][length][value…], big-endian.
// The length lets a reader step over tags that newer firmware adds, with a warning instead of a loss.
//
//   01 02 08 5c            tag 1, 2 bytes: 0x085c = 2140 × 0.01 °C = 21.40 °C
//
// Written for the LoRaWAN codec interface, so that the same file runs on a network server too.

function decodeUplink(input) {
  const { bytes, fPort } = input;
  if (fPort === 11) return decodeHeartbeat(bytes);
  if (fPort !== 10) return { errors: [`port ${fPort} is neither 10 (climate) nor 11 (heartbeat)`] };

  const data = { kind: "climate" };
  const warnings = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at];
    const length = bytes[at + 1];
    const start = at + 2;
    const end = start + length;
    // Written so that a missing length byte (undefined, hence NaN) is refused as well.
    if (!(end <= bytes.length)) {
      return { errors: [`tag ${tag} at byte ${at} reaches past the end of the frame`] };
    }
    switch (tag) {
      case 0x01:
        data.temperatureC = signed(number(bytes, start, end), length) / 100;
        break;
      case 0x02:
        data.humidityPercent = number(bytes, start, end) / 2;
        break;
      case 0x03:
        data.co2Ppm = number(bytes, start, end);
        break;
      case 0x04:
        data.ammoniaPpm = number(bytes, start, end) / 10;
        break;
      case 0x05:
        data.batteryV = number(bytes, start, end) / 1000;
        break;
      default:
        warnings.push(`tag ${tag} of length ${length} is unknown and was skipped`);
    }
    at = end;
  }
  return { data, warnings };
}

function decodeHeartbeat(bytes) {
  if (bytes.length !== 4) return { errors: [`a heartbeat has 4 bytes, this one ${bytes.length}`] };
  return { data: { kind: "heartbeat", uptimeSeconds: number(bytes, 0, 4) } };
}

function number(bytes, start, end) {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 256 + bytes[i];
  return value;
}

function signed(value, length) {
  const limit = 256 ** length;
  return value >= limit / 2 ? value - limit : value;
}
