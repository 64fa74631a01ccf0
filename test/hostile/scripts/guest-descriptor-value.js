// Attempt: A descriptor that inherits a `value`, where debug looks at what the result would drop.
// Debug: on
// Outcome: standard
function attack() {
  const results = [];
  Object.defineProperty(results, 0, { get: () => ({ eventType: "seen", data: { v: 1 } }), enumerable: true });
  const getter = {
    __proto__: null,
    get() {
      throw new Error("from the descriptor");
    },
  };
  Object.defineProperty(Object.prototype, "value", getter);
  return results;
}
