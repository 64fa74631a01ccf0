// Attempt: The payloads of neighbours, around the memory of the event's own.
// Outcome: standard {"around":0}
function attack() {
  const buffer = Buffer.from("x");
  const around = buffer.buffer.byteLength - buffer.length;
  return { eventType: "seen", data: { around } };
}
