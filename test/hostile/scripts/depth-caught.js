// Attempt: A recursion whose end is caught, to read off how deep the stack of this machine is. That an overflow which
//   is caught rejects the event is not built yet; until it is, the event may come through.
// Outcome: rejected runtime STACK_DEPTH at transform or standard
function deeper(n) {
  try {
    return deeper(n + 1);
  } catch {
    return n;
  }
}
function attack() {
  return { eventType: "seen", data: { deep: deeper(0) > 100 } };
}
