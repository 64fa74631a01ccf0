// Attempt: Own keys named `__proto__` and `constructor` in the result, to pollute whoever parses it.
// Outcome: standard
function attack() {
  const data = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"v":1}');
  return { eventType: "seen", data };
}
