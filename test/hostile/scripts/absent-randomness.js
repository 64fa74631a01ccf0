// Attempt: Randomness that is not the event's own: `crypto`, and the order of what is sorted, hashed or collected.
// Outcome: standard {"crypto":"undefined","random":[0.1597378117454118,0.2514529668765879]}
function attack() {
  const random = [Math.random(), Math.random()];
  return { eventType: "seen", data: { crypto: typeof crypto, random } };
}
