// Attempt: A hot loop of allocations, which on-stack replacement once made deaf to termination.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  for (;;) new Array(1000).fill(1);
}
