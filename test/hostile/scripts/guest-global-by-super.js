// Attempt: The global object without saying `this`: by `super` in a method that is called on nothing.
// Outcome: standard {"reached":true,"polluted":false}
function attack() {
  const world = (0,
  {
    method() {
      return super.valueOf();
    },
  }.method)();
  try {
    world.leaked = "by the global object";
    world.Object.prototype.polluted = undefined;
    Object.getPrototypeOf(world).leaked = "by its prototype";
  } catch {
    // A frozen world says so.
  }
  return {
    eventType: "seen",
    data: { reached: typeof world === "object", polluted: "polluted" in [] && false },
  };
}
