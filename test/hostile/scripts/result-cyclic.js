// Attempt: A result that holds itself.
// Outcome: rejected output NOT_SERIALIZABLE at output
function attack() {
  const data = { v: 1 };
  data.itself = data;
  return { eventType: "seen", data };
}
