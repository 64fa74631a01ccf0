// Attempt: A standard event larger than its topic takes.
// Outcome: rejected output TOO_LARGE at output
function attack() {
  return { eventType: "seen", data: { text: "x".repeat(2 ** 21) } };
}
