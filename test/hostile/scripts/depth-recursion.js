// Attempt: A recursion that does not end.
// Outcome: rejected runtime STACK_DEPTH at transform
function deeper(n) {
  return deeper(n + 1) + 1;
}
function attack() {
  return deeper(0);
}
