// Attempt: What another event left in memory, by buffers that are not cleared.
// Outcome: standard {"dirty":0,"larger":0}
function attack() {
  const bytes = Buffer.allocUnsafe(1e6);
  let dirty = 0;
  for (const byte of bytes) if (byte !== 0) dirty += 1;
  const small = Buffer.allocUnsafe(8);
  return { eventType: "seen", data: { dirty, larger: small.buffer.byteLength - 8 } };
}
