// Attempt: A built-in that V8 does not interrupt, over four milliards of holes.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  const holes = [];
  holes.length = 2 ** 32 - 1;
  return holes.indexOf(1);
}
