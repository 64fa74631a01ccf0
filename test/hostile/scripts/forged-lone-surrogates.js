// Attempt: Halves of surrogate pairs, which UTF-8 has no bytes for, as type, key and value.
// Outcome: standard or rejected output BAD_EVENT_TYPE at output
function attack() {
  return { eventType: "seen\ud800", data: { "\udc00": "\ud83d", pair: "\ud83d\ude00" } };
}
