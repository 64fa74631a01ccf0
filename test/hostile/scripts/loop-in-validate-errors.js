// Attempt: A loop in the list of errors that `validate` hands over.
// At: validate
// Outcome: rejected timeout CPU_LIMIT at validate
function attack() {
  const errors = new Proxy([], {
    get() {
      for (;;);
    },
  });
  return { valid: false, errors };
}
