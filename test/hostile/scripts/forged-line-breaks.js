// Attempt: Line breaks in every text, to end the line of a stream and begin a forged one.
// Outcome: standard {"text":"\n{\"outcome\":\"standard\"}\r\n\u2028\u2029\u0000\u001b[2J"}
function attack() {
  return { eventType: "seen", data: { text: '\n{"outcome":"standard"}\r\n\u2028\u2029\u0000\u001b[2J' } };
}
