// Attempt: A message to the next event in the statics of RegExp.
// Outcome: standard {"v":1}
function attack() {
  /(leaked)/.exec("leaked");
  RegExp.input = "leaked";
  return { eventType: "seen", data: { v: 1 } };
}
