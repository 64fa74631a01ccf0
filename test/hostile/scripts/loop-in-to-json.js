// Attempt: A loop that begins only when the result is written.
// Outcome: rejected timeout CPU_LIMIT at output
function attack() {
  return {
    eventType: "seen",
    data: {
      toJSON() {
        for (;;);
      },
    },
  };
}
