// Attempt: One allocation that V8 ends the process for.
// Cpu: 1500
// Outcome: rejected memory MEMORY_LIMIT at transform
function attack() {
  return "a".repeat(2 ** 28).split("");
}
