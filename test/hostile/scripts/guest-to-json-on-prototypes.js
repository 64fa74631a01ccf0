// Attempt: `toJSON` on every prototype, to replace what the engine writes around the data.
// Debug: on
// Outcome: rejected output BAD_EVENT_TYPE at output or rejected output BAD_DATA at output or standard {"forged":1}
function attack() {
  const forge = () => ({ forged: 1 });
  for (const type of [Object, String, Number, Array, Boolean, BigInt]) type.prototype.toJSON = forge;
  console.log("a line");
  return { eventType: "seen", data: { n: NaN } };
}
