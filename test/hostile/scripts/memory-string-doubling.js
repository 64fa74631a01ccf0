// Attempt: A text that doubles until there is no longer one.
// Cpu: 1500
// Outcome: rejected runtime UNCAUGHT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  let text = "x";
  for (;;) text += text;
}
