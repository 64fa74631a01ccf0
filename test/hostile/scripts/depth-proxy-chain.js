// Attempt: A chain of proxies as long as the stack.
// Cpu: 200
// Outcome: rejected runtime STACK_DEPTH at output or rejected runtime STACK_DEPTH at transform
function attack() {
  let data = {};
  for (let level = 0; level < 1e5; level += 1) data = new Proxy(data, {});
  return data;
}
