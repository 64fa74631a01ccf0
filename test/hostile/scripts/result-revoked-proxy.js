// Attempt: A proxy that was revoked: every question throws, that for its kind too.
// Outcome: rejected output NOT_SERIALIZABLE at output or rejected runtime UNCAUGHT at transform
function attack() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
