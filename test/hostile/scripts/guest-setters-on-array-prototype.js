// Attempt: Setters for indexes on Array.prototype, through which the engine's own lists would run.
// Debug: on
// Outcome: standard {"v":1,"seen":0}
function attack() {
  let seen = 0;
  for (let index = 0; index < 50; index += 1) {
    Object.defineProperty(Array.prototype, index, {
      set() {
        seen += 1;
      },
      configurable: true,
    });
  }
  console.log("one", { two: 2 });
  Buffer.from("abc").toString("hex");
  return { eventType: "seen", data: { v: 1, seen } };
}
