// Attempt: Symbols of the registry, which an isolate once kept for good.
// Cpu: 300
// Outcome: rejected memory MEMORY_LIMIT at transform or rejected timeout CPU_LIMIT at transform
function attack() {
  const held = [];
  for (let n = 0; ; n += 1) held.push(Symbol.for(`a rather long name of a symbol ${n}`));
}
