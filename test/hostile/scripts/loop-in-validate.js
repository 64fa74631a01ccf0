// Attempt: An endless loop in the stage between.
// At: validate
// Outcome: rejected timeout CPU_LIMIT at validate
function attack() {
  do {} while (true);
}
