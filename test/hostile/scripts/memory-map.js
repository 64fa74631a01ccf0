// Attempt: A Map that grows; at its limit V8 ends the process.
// Cpu: 1500
// Outcome: rejected memory MEMORY_LIMIT at transform
function attack() {
  const map = new Map();
  for (let n = 0; ; n += 1) map.set(n, n);
}
