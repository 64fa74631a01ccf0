// Attempt: A loop that catches its own end and goes on in `finally`.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  for (;;) {
    try {
      for (;;);
    } catch {
      continue;
    } finally {
      continue;
    }
  }
}
