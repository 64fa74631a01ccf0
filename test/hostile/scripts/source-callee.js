// Attempt: The wrapper of the file, by `arguments.callee`, as a place to leave things for the next event.
// Outcome: standard {"v":1}
const wrapper = arguments.callee;
if (wrapper.leaked !== undefined) leaked = wrapper.leaked;
function attack() {
  try {
    wrapper.leaked = "by the wrapper";
    wrapper.prototype.leaked = "by its prototype";
  } catch {
    // Frozen.
  }
  return { eventType: "seen", data: { v: 1 } };
}
