// Attempt: One text of half a gigabyte of native memory.
// Cpu: 1500
// Outcome: rejected memory MEMORY_LIMIT at transform or rejected memory MEMORY_LIMIT at output or
//   rejected timeout CPU_LIMIT at transform or rejected output TOO_LARGE at output
function attack() {
  return { eventType: "seen", data: { text: "a".padEnd(2 ** 29 - 30, "abc") } };
}
