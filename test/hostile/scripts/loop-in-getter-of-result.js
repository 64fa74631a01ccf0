// Attempt: A loop in a getter that only the engine calls.
// Outcome: rejected timeout CPU_LIMIT at output
function attack() {
  return {
    get eventType() {
      for (;;);
    },
    data: { v: 1 },
  };
}
