// Attempt: Two answers under one key, for a reader that takes the first and one that takes the last.
// Outcome: standard {"a":2}
function attack() {
  return { eventType: "seen", data: JSON.parse('{"a":1,"a":2}') };
}
