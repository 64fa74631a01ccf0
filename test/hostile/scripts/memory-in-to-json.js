// Attempt: A result whose text is larger than the memory of the isolate.
// Cpu: 1500
// Outcome: rejected memory MEMORY_LIMIT at output or rejected output TOO_LARGE at output or
//   rejected output NOT_SERIALIZABLE at output
function attack() {
  const line = "x".repeat(2 ** 20);
  return { eventType: "seen", data: { lines: Array(600).fill(line) } };
}
