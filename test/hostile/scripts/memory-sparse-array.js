// Attempt: Arrays of the greatest length, filled.
// Outcome: rejected memory MEMORY_LIMIT at transform or rejected timeout CPU_LIMIT at transform or
//   rejected runtime UNCAUGHT at transform
function attack() {
  return new Array(2 ** 32 - 1).fill(0);
}
