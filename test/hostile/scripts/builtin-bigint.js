// Attempt: One multiplication of numbers of ten million digits.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  const large = 10n ** 10000000n;
  return { eventType: "seen", data: { even: (large * large) % 2n === 0n } };
}
