// Attempt: A result that is small in the isolate, thirty megabytes as text and ten times that once it is parsed.
// Cpu: 1500
// Outcome: rejected output TOO_LARGE at output
function attack() {
  const inner = Array(1000).fill([]);
  return { eventType: "seen", data: { outer: Array(10000).fill(inner) } };
}
