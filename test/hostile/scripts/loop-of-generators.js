// Attempt: An iterator that never ends, taken apart by the language itself.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function* forever() {
  for (;;) yield 1;
}
function attack() {
  for (const one of forever()) if (one === 2) return one;
}
