// Attempt: A pattern that takes a long time and much memory to compile.
// Cpu: 500
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform or
//   rejected runtime UNCAUGHT at transform or rejected runtime STACK_DEPTH at transform or standard
function attack() {
  const pattern = "(?:a{0,1000}){0,1000}".repeat(200);
  return { eventType: "seen", data: { found: new RegExp(pattern).test("a".repeat(1000)) } };
}
