// Attempt: A clone of a clone of a clone, each twice as large.
// Cpu: 300
// Outcome: rejected memory MEMORY_LIMIT at transform or rejected timeout CPU_LIMIT at transform
function attack() {
  let value = [1];
  for (;;) value = [structuredClone(value), structuredClone(value)];
}
