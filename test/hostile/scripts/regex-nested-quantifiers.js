// Attempt: A regular expression that tries every way to cut a text.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  return /^(a+)+$/.test(`${"a".repeat(64)}b`);
}
