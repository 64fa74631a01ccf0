// Attempt: The isolate's native memory filled without a fault, so that a neighbour's buffer cannot be made.
// Outcome: standard {"n":8}
function attack() {
  const held = [];
  for (let n = 0; n < 8; n += 1) held.push(new ArrayBuffer(1e6));
  return { eventType: "seen", data: { n: held.length } };
}
