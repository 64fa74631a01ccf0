// Attempt: The parsing of dates that are megabytes long.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  const text = `${"(".repeat(2 ** 20)}2025`;
  for (;;) Date.parse(text);
}
