// Attempt: Text nested a million levels deep, handed to the parser.
// Cpu: 500
// Outcome: rejected output TOO_DEEP at output or rejected runtime STACK_DEPTH at output or
//   rejected memory MEMORY_LIMIT at transform
function attack() {
  const data = JSON.parse(`{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`);
  return { eventType: "seen", data };
}
