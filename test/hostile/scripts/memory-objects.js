// Attempt: Small objects until the heap is full.
// Cpu: 1500
// Outcome: rejected memory MEMORY_LIMIT at transform
function attack() {
  const all = [];
  for (;;) all.push({ n: all.length });
}
