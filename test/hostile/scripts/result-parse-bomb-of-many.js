// Attempt: The same as a hundred events, each below the limit by itself.
// Cpu: 1500
// Outcome: standard or rejected memory MEMORY_LIMIT at output
function attack() {
  const inner = Array(1000).fill([]);
  const outer = Array(300).fill(inner);
  return Array.from({ length: 100 }, () => ({ eventType: "seen", data: { outer } }));
}
