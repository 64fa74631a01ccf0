// Attempt: Console lines with escapes, without end, and of objects that run code when they are shown.
// Debug: on
// Cpu: 200
// Outcome: standard {"ran":0}
function attack() {
  let ran = 0;
  const spy = new Proxy({}, { get: () => (ran += 1), ownKeys: () => [(ran += 1)] });
  for (let line = 0; line < 1000; line += 1) console.log(`\u001b[2J\nforged ${line}`, spy, "x".repeat(1e5));
  return { eventType: "seen", data: { ran } };
}
