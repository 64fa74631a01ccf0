// Attempt: Nearly all of the CPU's limit used up, so that the innocent event behind it in the crossing pays.
// Cpu: 60
// Outcome: standard
function attack() {
  let sum = 0;
  for (let turn = 0; turn < 2e6; turn += 1) sum += turn % 7;
  return { eventType: "seen", data: { sum } };
}
