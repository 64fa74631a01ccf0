// Attempt: A result that JSON can write and that whoever reads it may not be able to.
// Outcome: rejected output TOO_DEEP at output
function attack() {
  let data = {};
  for (let level = 0; level < 2000; level += 1) data = { data };
  return { eventType: "seen", data };
}
