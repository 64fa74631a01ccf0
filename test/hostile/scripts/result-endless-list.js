// Attempt: A list that claims to have four milliards of events.
// Outcome: rejected output TOO_MANY_EVENTS at output
function attack() {
  return new Proxy([], { get: (target, key) => (key === "length" ? 2 ** 32 - 1 : Reflect.get(target, key)) });
}
