// Attempt: A message that grows fivefold when it is made harmless.
// Outcome: rejected runtime UNCAUGHT at transform
// Message: ^.{1,11000}$
function attack() {
  throw new Error("\u202e\u0000".repeat(1e6));
}
