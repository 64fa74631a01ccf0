// Attempt: The innocent org's secret in memory that was given back: buffers of all sizes, looked through.
// Cpu: 1000
// Outcome: standard {"found":0} or rejected runtime ARRAY_BUFFER at transform
function attack() {
  let found = 0;
  for (const size of [64, 4096, 65536, 2 ** 20, 2 ** 22]) {
    for (let turn = 0; turn < 3; turn += 1) {
      const bytes = new Uint8Array(new ArrayBuffer(size, { maxByteLength: size * 2 }));
      bytes.buffer.resize(size * 2);
      for (const byte of bytes) if (byte !== 0) found += 1;
    }
  }
  return { eventType: "seen", data: { found } };
}
