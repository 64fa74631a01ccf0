// Attempt: Keys that share a hash, in a result that the executor parses outside of every limit on CPU.
// Cpu: 300
// Outcome: rejected output TOO_LARGE at output or standard or rejected timeout CPU_LIMIT at transform or
//   rejected timeout CPU_LIMIT at output
function attack() {
  const data = {};
  for (let n = 0; n < 20000; n += 1) data[`${BigInt(n) * 16777216n + 4294967296n}`] = 1;
  return { eventType: "seen", data };
}
