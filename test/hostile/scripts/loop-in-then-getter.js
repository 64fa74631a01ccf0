// Attempt: A loop in the question whether the result is a promise.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  return {
    get then() {
      for (;;);
    },
  };
}
