// Attempt: Species constructors in the result and in what the engine copies.
// Outcome: standard {"v":[1,2],"b":[1,2]}
class Evil extends Array {
  static get [Symbol.species]() {
    throw new Error("species");
  }
}
class EvilBytes extends Uint8Array {
  static get [Symbol.species]() {
    throw new Error("species");
  }
}
function attack() {
  const v = Evil.of(1, 2);
  const b = [...Buffer.from(new EvilBytes([1, 2]))];
  return { eventType: "seen", data: { v, b } };
}
