// Attempt: Array buffers, which lie outside the heap, until there are no more.
// Cpu: 1500
// Outcome: rejected runtime ARRAY_BUFFER at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  const all = [];
  for (;;) all.push(new Uint8Array(1e6).fill(1));
}
