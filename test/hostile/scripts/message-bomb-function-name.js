// Attempt: A stack of functions whose names are a megabyte each.
// Debug: on
// Cpu: 300
// Outcome: rejected runtime UNCAUGHT at transform
function attack() {
  const named = { ["n".repeat(1e6)]: (depth) => (depth === 0 ? undefined.x : again(depth - 1)) };
  const [again] = Object.values(named);
  again(20);
}
