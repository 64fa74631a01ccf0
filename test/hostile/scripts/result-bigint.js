// Attempt: A number that JSON has no text for.
// Outcome: rejected output NOT_SERIALIZABLE at output
function attack() {
  return { eventType: "seen", data: { v: 10n } };
}
