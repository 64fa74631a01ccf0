// Attempt: A channel to another org by the registry of symbols and by well-known ones.
// Outcome: standard {"found":[]}
function attack() {
  const names = ["leaked", "innocent", "nodejs.util.inspect.custom", "millrace"];
  const found = names.filter((name) => Object[Symbol.for(name)] !== undefined);
  for (const name of names) {
    try {
      Object[Symbol.for(name)] = "leaked";
    } catch {
      // Frozen.
    }
  }
  return { eventType: "seen", data: { found } };
}
