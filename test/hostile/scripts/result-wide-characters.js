// Attempt: An event whose characters are few and whose bytes are many.
// Outcome: rejected output TOO_LARGE at output
function attack() {
  return { eventType: "seen", data: { text: "\u20ac".repeat(4e5) } };
}
