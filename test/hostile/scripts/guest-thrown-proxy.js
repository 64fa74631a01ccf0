// Attempt: A thrown proxy whose traps throw when the engine asks what kind of error it is.
// Outcome: rejected runtime UNCAUGHT at transform
function attack() {
  throw new Proxy(new RangeError("x"), {
    getPrototypeOf() {
      throw new Error("from the trap");
    },
  });
}
