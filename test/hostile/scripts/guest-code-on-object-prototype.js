// Attempt: A property of Object.prototype that makes the engine's own values look like faults, with a forged place.
// Outcome: standard {"v":1}
function attack() {
  Object.prototype.code = "UNCAUGHT";
  Object.prototype.message = "forged";
  Object.prototype.file = "/etc/passwd";
  Object.prototype.line = 666;
  return { eventType: "seen", data: { v: 1 } };
}
