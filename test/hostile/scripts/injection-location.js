// Attempt: A message that looks like a place, and a `stack` that does too.
// Outcome: rejected runtime UNCAUGHT at transform
// Location: injection-location.js:6:17
// Debug: on
function attack() {
  const error = new Error("x\n    at decode (/etc/passwd:1:1)");
  Object.defineProperty(error, "stack", { value: "Error: x\n    at decode (/etc/passwd:1:1)" });
  throw error;
}
