// Attempt: A result that is nested a hundred thousand levels deep.
// Cpu: 200
// Outcome: rejected runtime STACK_DEPTH at output or rejected output TOO_DEEP at output
function attack() {
  let data = {};
  for (let level = 0; level < 1e5; level += 1) data = { data };
  return { eventType: "seen", data };
}
