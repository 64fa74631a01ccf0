// Attempt: A join of an array that holds itself a thousand times, a thousand levels deep.
// Outcome: rejected timeout CPU_LIMIT at transform or rejected memory MEMORY_LIMIT at transform or
//   rejected runtime UNCAUGHT at transform
function attack() {
  let list = ["x"];
  for (let level = 0; level < 1000; level += 1) list = Array(1000).fill(list);
  return list.join();
}
