// Attempt: A result that would pollute the prototypes of the process that reads it, by every path that tools follow.
// Outcome: standard
function attack() {
  const data = {};
  for (const path of [
    "__proto__.polluted",
    "constructor.prototype.polluted",
    "['__proto__']",
    "a.__proto__",
  ]) {
    data[path] = "leaked";
  }
  Object.defineProperty(data, "__proto__", { value: { polluted: "leaked" }, enumerable: true });
  return { eventType: "seen", data };
}
