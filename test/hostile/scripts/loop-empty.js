// Attempt: An endless loop with nothing in it.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  for (;;);
}
