// Attempt: The question whether a thrown value is a RangeError, answered by the author, who throws.
// Outcome: rejected runtime UNCAUGHT at transform
function attack() {
  Object.defineProperty(RangeError, Symbol.hasInstance, {
    value() {
      throw new Error("from hasInstance");
    },
  });
  throw new Error("x");
}
