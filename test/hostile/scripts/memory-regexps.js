// Attempt: Compiled regular expressions, held; their code lies outside the heap's objects.
// Cpu: 300
// Outcome: rejected memory MEMORY_LIMIT at transform or rejected timeout CPU_LIMIT at transform
function attack() {
  const all = [];
  for (let n = 0; ; n += 1) {
    const pattern = new RegExp(`(?:${n}|[a-z]{${n % 900}}){1,50}`);
    pattern.test(`x${n}`);
    all.push(pattern);
  }
}
