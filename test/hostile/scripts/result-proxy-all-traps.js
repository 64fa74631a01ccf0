// Attempt: A proxy whose every trap says something new.
// Outcome: rejected output BAD_CREATED at output
function attack() {
  const liar = () => new Proxy(() => {}, { get: (_target, key) => (key === "then" ? undefined : liar()) });
  return new Proxy({}, { get: (_target, key) => (key === "then" ? undefined : liar()) });
}
