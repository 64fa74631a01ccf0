// Cayenne LPP: a frame is a run of items, each [channel][type][value…], big-endian.
// The type alone says how long the value is, so after an unknown type nothing can be read:
// refuse the whole frame rather than guess.
//
//   01 67 00 d7            channel 1, temperature,  0x00d7 = 215 × 0.1 °C = 21.5 °C
//   02 68 3f               channel 2, humidity,     0x3f   =  63 × 0.5 %  = 31.5 %

function decode(payload) {
  const items = {};
  let at = 0;
  while (at < payload.length) {
    if (at + 2 > payload.length) throw new Error(`item at byte ${at} has a channel and no type`);
    const channel = payload[at];
    const type = payload[at + 1];
    const size = valueSize(type);
    if (size === 0) throw new Error(`unknown LPP type 0x${type.toString(16)} at byte ${at + 1}`);
    if (at + 2 + size > payload.length) {
      throw new Error(`item at byte ${at} needs ${size} value bytes, ${payload.length - at - 2} are left`);
    }
    readItem(items, channel, type, payload, at + 2);
    at += 2 + size;
  }
  return items;
}

function valueSize(type) {
  switch (type) {
    case 0x00: // digital input
    case 0x01: // digital output
    case 0x66: // presence
    case 0x68: // relative humidity
      return 1;
    case 0x02: // analog input
    case 0x03: // analog output
    case 0x65: // illuminance
    case 0x67: // temperature
    case 0x73: // barometric pressure
      return 2;
    case 0x71: // acceleration
      return 6;
    case 0x88: // position
      return 9;
    default:
      return 0;
  }
}

function readItem(items, channel, type, bytes, at) {
  switch (type) {
    case 0x00:
      items[`digital_in_${channel}`] = bytes[at];
      break;
    case 0x01:
      items[`digital_out_${channel}`] = bytes[at];
      break;
    case 0x02:
      items[`analog_in_${channel}`] = bytes.readInt16BE(at) / 100;
      break;
    case 0x03:
      items[`analog_out_${channel}`] = bytes.readInt16BE(at) / 100;
      break;
    case 0x65:
      items[`luminosity_${channel}`] = bytes.readUInt16BE(at);
      break;
    case 0x66:
      items[`presence_${channel}`] = bytes[at];
      break;
    case 0x67:
      items[`temperature_${channel}`] = bytes.readInt16BE(at) / 10;
      break;
    case 0x68:
      items[`relative_humidity_${channel}`] = bytes[at] / 2;
      break;
    case 0x71:
      items[`accelerometer_${channel}`] = {
        x: bytes.readInt16BE(at) / 1000,
        y: bytes.readInt16BE(at + 2) / 1000,
        z: bytes.readInt16BE(at + 4) / 1000,
      };
      break;
    case 0x73:
      items[`barometric_pressure_${channel}`] = bytes.readUInt16BE(at) / 10;
      break;
    case 0x88:
      items[`gps_${channel}`] = {
        latitude: bytes.readIntBE(at, 3) / 10000,
        longitude: bytes.readIntBE(at + 3, 3) / 10000,
        altitude: bytes.readIntBE(at + 6, 3) / 100,
      };
      break;
  }
}
