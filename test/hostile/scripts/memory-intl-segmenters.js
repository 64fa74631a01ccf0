// Attempt: Segmenters, held, with their native state.
// Cpu: 300
// Outcome: rejected memory MEMORY_LIMIT at transform or rejected timeout CPU_LIMIT at transform
function attack() {
  const all = [];
  for (;;) all.push(new Intl.Segmenter("th", { granularity: "word" }).segment("กรุงเทพ".repeat(1000)));
}
