// Attempt: A stack-trace limit of a milliard frames, then none, then one that is a getter.
// Outcome: standard {"frames":true}
function attack() {
  for (const value of [1e9, 0, "x"]) {
    try {
      Error.stackTraceLimit = value;
    } catch {
      // A constant may say that it is one.
    }
  }
  const frames = new Error("x").stack.split("\n").length;
  return { eventType: "seen", data: { frames: frames > 1 && frames < 20 } };
}
