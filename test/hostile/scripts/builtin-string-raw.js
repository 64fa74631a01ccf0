// Attempt: A built-in over the pretended parts of a template.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  return String.raw({ raw: { length: 1e9 } });
}
