// Attempt: What stays writable of Array.prototype in a sealed realm, reached by another name.
// Outcome: standard {"v":1}
function attack() {
  const prototype = Object.getPrototypeOf([]);
  prototype.length = 7;
  prototype.polluted = "leaked";
  return { eventType: "seen", data: { v: 1 } };
}
