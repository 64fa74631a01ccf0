// Attempt: The object on which the engine calls a stage, changed under it.
// Others: alike
// Outcome: rejected output TRANSFORM_RESULT at output
function transform() {
  for (const name of Object.keys(this ?? {})) {
    try {
      this[name] = () => ({ eventType: "forged", data: { forged: 1 } });
    } catch {
      // Frozen will do as well.
    }
  }
  return 5;
}
