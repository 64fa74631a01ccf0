// Attempt: A resizable buffer that reserves four gigabytes of addresses and then takes them.
// Cpu: 300
// Outcome: rejected runtime ARRAY_BUFFER at transform or rejected runtime UNCAUGHT at transform or
//   rejected memory MEMORY_LIMIT at transform or rejected timeout CPU_LIMIT at transform
function attack() {
  const buffer = new ArrayBuffer(1, { maxByteLength: 4 * 2 ** 30 });
  for (let size = 2 ** 20; ; size += 2 ** 24) {
    buffer.resize(size);
    new Uint8Array(buffer).fill(1);
  }
}
