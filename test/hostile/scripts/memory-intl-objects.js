// Attempt: Formatters, each of which holds native memory that the heap does not count.
// Cpu: 300
// Outcome: rejected memory MEMORY_LIMIT at transform or rejected timeout CPU_LIMIT at transform or
//   rejected runtime UNCAUGHT at transform
function attack() {
  const all = [];
  for (;;)
    all.push(
      new Intl.DateTimeFormat("de-DE", { dateStyle: "full", timeStyle: "long" }).format(0),
      all.length,
    );
}
