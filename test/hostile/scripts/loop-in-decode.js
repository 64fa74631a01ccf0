// Attempt: An endless loop in the first stage, before anything of the event is known.
// At: decode
// Outcome: rejected timeout CPU_LIMIT at decode
function attack(p) {
  let turns = 0;
  while (p) turns += 1;
  return turns;
}
