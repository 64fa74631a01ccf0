// Attempt: Frames of the engine in `stack`, in `caller` and in `arguments`.
// Outcome: standard {"guest":false,"caller":false}
function attack() {
  const guest = /millrace|node:|file:|\/src\//.test(new Error("x").stack);
  let caller = false;
  try {
    const above = attack.caller;
    caller = typeof above === "function" && typeof above.caller === "function";
  } catch {
    // Strict functions refuse.
  }
  return { eventType: "seen", data: { guest, caller } };
}
