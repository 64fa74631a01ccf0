// Attempt: The collation of two long texts, which runs in native code.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  const text = "\u0344\u0f73".repeat(2 ** 20);
  for (;;) `${text}a`.localeCompare(`${text}b`);
}
