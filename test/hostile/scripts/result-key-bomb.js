// Attempt: A result of a million keys that look like the indexes of a list, for the executor to sort.
// Cpu: 1500
// Outcome: rejected output TOO_LARGE at output or rejected memory MEMORY_LIMIT at transform
function attack() {
  const data = {};
  for (let n = 0; n < 2e5; n += 1) data[n * 20011] = n;
  return { eventType: "seen", data };
}
