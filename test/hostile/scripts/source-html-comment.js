// Attempt: A comment of the old web's, that hides the rest of a line from one parser and not from another.
// Outcome: standard {"v":1}
function attack() {
  let v = 1;
  <!-- v = 2; import("node:fs")
  return { eventType: "seen", data: { v } };
}
