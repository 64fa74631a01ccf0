// Attempt: `metadata` frozen, and with getters that throw, for the engine's codec to fall over.
// At: decode
// Dialect: lorawan
// Others: alike
// Outcome: rejected runtime UNCAUGHT at decode or standard
function decodeUplink(input) {
  Object.freeze(input);
  Object.defineProperty(Object.prototype, "normalized", {
    set() {
      throw new Error("from the setter");
    },
  });
  return { data: { v: 1 }, warnings: [], errors: [] };
}
function normalizeUplink() {
  return { data: { v: 2 } };
}
function transform(v) {
  return { eventType: "seen", data: v };
}
