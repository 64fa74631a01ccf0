// Attempt: A moment that is a Date by its prototype only, with a `toJSON` that throws.
// Outcome: rejected output BAD_CREATED at output
function attack() {
  const created = Object.create(Date.prototype);
  return { eventType: "seen", data: { v: 1 }, created };
}
