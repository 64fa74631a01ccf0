// Attempt: Every object made a thenable, the engine's own too.
// Outcome: rejected runtime ASYNC_RESULT at transform
function attack() {
  Object.prototype.then = () => {};
  return { eventType: "seen", data: { v: 1 } };
}
