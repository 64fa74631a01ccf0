// Attempt: A built-in that makes an array of a milliard elements and does not listen meanwhile.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  return Array.from({ length: 1e9 });
}
