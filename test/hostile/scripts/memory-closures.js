// Attempt: Functions that hold on to each other.
// Cpu: 1500
// Outcome: rejected memory MEMORY_LIMIT at transform
function attack() {
  let held = () => 0;
  for (;;) {
    const before = held;
    held = () => before;
  }
}
