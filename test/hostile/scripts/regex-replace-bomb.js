// Attempt: A replacement that doubles the text at every place.
// Cpu: 2000
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform or
//   rejected runtime UNCAUGHT at transform
function attack() {
  let text = "aa";
  for (;;) text = text.replace(/a/g, "$`$&$'");
}
