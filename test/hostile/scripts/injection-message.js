// Attempt: A message that clears a terminal, runs backwards and begins a line that looks like the service's own.
// Outcome: rejected runtime UNCAUGHT at transform
// Message: ^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]*$
function attack() {
  throw new Error("\u001b[2J\u001b]0;owned\u0007\nmillrace: all is well\r\u202egnp.exe\u2028\u009b31m");
}
