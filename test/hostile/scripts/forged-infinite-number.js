// Attempt: Numbers that are none, by the parser: 1e999 and -1e999.
// Outcome: standard {"large":null,"small":null,"zero":0}
function attack() {
  return { eventType: "seen", data: JSON.parse('{"large":1e999,"small":-1e999,"zero":1e-999}') };
}
