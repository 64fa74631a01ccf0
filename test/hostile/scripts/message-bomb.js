// Attempt: A message of ten megabytes.
// Outcome: rejected runtime UNCAUGHT at transform
// Message: more characters\)$
function attack() {
  throw new Error("x".repeat(1e7));
}
