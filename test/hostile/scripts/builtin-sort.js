// Attempt: A sort whose comparison makes no order.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform
function attack() {
  const list = Array.from({ length: 3e5 }, (_none, n) => n);
  for (;;) list.sort(() => Math.random() - 0.5);
}
