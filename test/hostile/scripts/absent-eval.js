// Attempt: `eval` by its name, by the global object and by aliases.
// Outcome: standard {"made":0}
function attack() {
  let made = 0;
  const roads = [
    () => eval("7"),
    () => (0, eval)("7"),
    () => globalThis["ev" + "al"]("7"),
    () => Reflect.get(globalThis, "eval")("7"),
    () => setTimeout("made = 7", 0),
    () => new ShadowRealm().evaluate("7"),
  ];
  for (const road of roads) {
    try {
      if (road() !== undefined) made += 1;
    } catch {
      // As it should be.
    }
  }
  return { eventType: "seen", data: { made } };
}
