// A DLMS/COSEM data notification in an HDLC frame, as a meter's customer port pushes it:
//
//   7e  a0 6d  41 03 13  0f 00 00 1a 2b  0c 07e9…  01 04  …items…  fcs fcs  7e
//   │   │      │         │               │         └ array of 4 items
//   │   │      │         │               └ 12 bytes of date and time
//   │   │      │         └ data notification and its invoke id
//   │   │      └ destination, source, control
//   │   └ frame type and the length between the flags
//   └ flag
//
// An item is a structure of three: the OBIS code, the figure, and its scaler and unit:
//   02 03  09 06 01 00 01 08 00 ff  06 00 12 d6 87  02 02 0f 00 16 1e
//          1-0:1.8.0                1234567         × 10^0      Wh

function decode(payload) {
  checkFrame(payload);
  const body = payload.subarray(6, payload.length - 3);
  if (body[0] !== 0x0f) throw new Error(`APDU 0x${hex(body[0])} is not a data notification (0x0f)`);
  if (body[5] !== 0x0c) throw new Error("the notification carries no date and time");
  if (body[18] !== 0x01) throw new Error(`0x${hex(body[18])} where the array of items should begin`);

  const registers = {};
  const cursor = { bytes: body, at: 20 };
  for (let i = 0; i < body[19]; i++) readItem(cursor, registers);
  if (cursor.at !== body.length) throw new Error(`${body.length - cursor.at} bytes follow the last item`);
  return { readAt: readDateTime(body.subarray(6, 18)), registers };
}

function checkFrame(frame) {
  const last = frame.length - 1;
  if (frame.length < 30 || frame[0] !== 0x7e || frame[last] !== 0x7e) {
    throw new Error("not an HDLC frame: it does not begin and end with 0x7e");
  }
  const announced = frame.readUInt16BE(1) & 0x07ff;
  if (announced !== frame.length - 2) {
    throw new Error(`${announced} bytes announced, ${frame.length - 2} came`);
  }
  const sent = frame.readUInt16LE(last - 2);
  const computed = crc16X25(frame, 1, last - 2);
  if (sent !== computed) {
    throw new Error(`checksum 0x${hex(sent)} does not match, 0x${hex(computed)} computed`);
  }
}

// CRC-16/X-25 (ISO/IEC 13239): reflected, polynomial 0x8408, all ones in and out, sent low byte first.
function crc16X25(bytes, start, end) {
  let crc = 0xffff;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  }
  return crc ^ 0xffff;
}

function readItem(cursor, registers) {
  const { bytes } = cursor;
  expectBytes(cursor, 0x02, 0x03);
  expectBytes(cursor, 0x09, 0x06);
  const obis = Array.from(bytes.subarray(cursor.at, cursor.at + 6)).join(".");
  cursor.at += 6;
  const figure = readFigure(cursor);
  expectBytes(cursor, 0x02, 0x02);
  expectBytes(cursor, 0x0f);
  const scaler = bytes.readInt8(cursor.at++);
  expectBytes(cursor, 0x16);
  const unit = unitName(bytes[cursor.at++]);
  // Multiplying by 0.1 gives 230.20000000000002 where dividing by 10 gives 230.2.
  const value = scaler < 0 ? figure / 10 ** -scaler : figure * 10 ** scaler;
  registers[obis] = { value, unit };
}

function expectBytes(cursor, ...wanted) {
  for (const byte of wanted) {
    const found = cursor.bytes[cursor.at];
    if (found !== byte) {
      throw new Error(`0x${hex(found)} instead of 0x${hex(byte)} at byte ${cursor.at} of the notification`);
    }
    cursor.at += 1;
  }
}

function readFigure(cursor) {
  const { bytes } = cursor;
  const type = bytes[cursor.at++];
  const at = cursor.at;
  switch (type) {
    case 0x05:
      cursor.at += 4;
      return bytes.readInt32BE(at);
    case 0x06:
      cursor.at += 4;
      return bytes.readUInt32BE(at);
    case 0x10:
      cursor.at += 2;
      return bytes.readInt16BE(at);
    case 0x12:
      cursor.at += 2;
      return bytes.readUInt16BE(at);
    default:
      throw new Error(`a figure of COSEM type 0x${hex(type)} is not supported`);
  }
}

// Year, month, day, weekday, hour, minute, second, hundredths, minutes to UTC, status.
// COSEM counts the deviation from local time to UTC: +60 minutes east of Greenwich is sent as −60.
function readDateTime(bytes) {
  const deviationMinutes = bytes.readInt16BE(9);
  const localMs = Date.UTC(bytes.readUInt16BE(0), bytes[2] - 1, bytes[3], bytes[5], bytes[6], bytes[7]);
  return new Date(localMs + deviationMinutes * 60000);
}

function unitName(code) {
  switch (code) {
    case 27:
      return "W";
    case 30:
      return "Wh";
    case 33:
      return "A";
    case 35:
      return "V";
    default:
      return `unit ${code}`;
  }
}

function hex(number) {
  return Number(number).toString(16).padStart(2, "0");
}
