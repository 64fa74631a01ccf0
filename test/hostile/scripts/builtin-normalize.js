// Attempt: Unicode normalization of a text of combining marks, in native code.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  const text = "a\u0315\u0300\u05ae".repeat(2 ** 19);
  for (;;) text.normalize("NFKD");
}
