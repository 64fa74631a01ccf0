// Attempt: A `toJSON` that gives more each time: once for the text, once for the note about a lost number.
// Outcome: rejected timeout CPU_LIMIT at output or rejected memory MEMORY_LIMIT at output or
//   rejected runtime STACK_DEPTH at output or rejected output TOO_DEEP at output
function attack() {
  const endless = { toJSON: () => ({ next: { toJSON: () => endless.toJSON() }, lost: NaN }) };
  return { eventType: "seen", data: endless };
}
