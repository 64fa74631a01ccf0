// Attempt: Nearly all of the memory used up and given back, so that the next event finds none.
// Cpu: 1500
// Outcome: standard {"n":60}
function attack() {
  const held = [];
  for (let n = 0; n < 60; n += 1) held.push(Array(16384).fill(n + 0.5));
  return { eventType: "seen", data: { n: held.length } };
}
