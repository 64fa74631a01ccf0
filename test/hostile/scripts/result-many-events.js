// Attempt: A hundred thousand events of one.
// Cpu: 200
// Outcome: rejected output TOO_MANY_EVENTS at output
function attack() {
  return Array.from({ length: 1e5 }, (_none, n) => ({ eventType: "seen", data: { n } }));
}
