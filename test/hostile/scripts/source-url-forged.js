// Attempt: A source URL that takes the name of the engine's own script, whose frames are never shown.
// Outcome: rejected runtime UNCAUGHT at transform
// Location: source-url-forged.js:5:9
function attack() {
  throw new Error("x");
}
//# sourceURL=millrace:guest
