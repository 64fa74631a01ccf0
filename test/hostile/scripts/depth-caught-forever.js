// Attempt: At every level the overflow is caught and tried again, which takes longer than the universe has.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected runtime STACK_DEPTH at transform
function deeper() {
  try {
    deeper();
  } finally {
    deeper();
  }
}
function attack() {
  deeper();
}
