// The smallest of our devices: a magnet contact that sends six bytes.
//
//   01  2c  01  00 11  63
//   │   │   │   │      └ battery, percent
//   │   │   │   └ times opened since installation
//   │   │   └ contact: 1 closed, 0 open
//   │   └ sequence number
//   └ 1 the door has moved, 2 heartbeat (every ten minutes)

function decode(payload) {
  if (payload.length !== 6) throw new Error(`a frame has 6 bytes, this one ${payload.length}`);
  const kind = payload[0];
  if (kind !== 1 && kind !== 2) throw new Error(`frame kind ${kind} is unknown`);
  return {
    kind: kind === 1 ? "moved" : "heartbeat",
    sequence: payload[1],
    contactClosed: payload[2] === 1,
    openings: payload.readUInt16BE(3),
    batteryPercent: payload[5],
  };
}
