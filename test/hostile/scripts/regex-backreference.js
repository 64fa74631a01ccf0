// Attempt: A regular expression with back references and look-behinds over a long text.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  return /(?<=(x+x+)+)\1y(?!.*\1)/u.test("x".repeat(20000));
}
