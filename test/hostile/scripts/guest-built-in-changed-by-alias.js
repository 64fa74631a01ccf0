// Attempt: Object.prototype changed by a way that the source does not show, for the events that come after.
// Outcome: standard {"v":1}
function attack() {
  const parent = Object.getPrototypeOf({});
  try {
    parent.polluted = "leaked";
    Object.defineProperty(parent, "polluted", { value: "leaked" });
  } catch {
    // Sealed.
  }
  return { eventType: "seen", data: { v: 1 } };
}
