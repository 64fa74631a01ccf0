// Attempt: A hundred events, each just below the limit, of one small one: a hundred megabytes on their way out.
// Cpu: 1500
// Outcome: standard or rejected memory MEMORY_LIMIT at output or rejected memory MEMORY_LIMIT at transform or
//   rejected output NOT_SERIALIZABLE at output
function attack() {
  const text = "x".repeat(1e6);
  return Array.from({ length: 100 }, () => ({ eventType: "seen", data: { text } }));
}
