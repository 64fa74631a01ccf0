// Attempt: The same inside of the data, in a list.
// Debug: on
// Outcome: rejected output NOT_SERIALIZABLE at output
function attack() {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return [{ eventType: "seen", data: { proxy } }];
}
