// Attempt: Native copies of thirty megabytes, one after the other.
// Cpu: 100
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform or
//   rejected runtime ARRAY_BUFFER at transform
function attack() {
  const bytes = new Uint8Array(3e7);
  for (let turn = 0; turn < 1e6; turn += 1) bytes.copyWithin(1, 0);
}
