// Attempt: Every method of every prototype that the engine could call, replaced by one that throws.
// Outcome: standard {"v":1}
function attack() {
  const refuse = () => {
    throw new Error("called");
  };
  const { ownKeys, getOwnPropertyDescriptor } = Reflect;
  const types = [
    Array,
    String,
    Number,
    Function,
    RegExp,
    Map,
    Set,
    WeakMap,
    Date,
    Symbol,
    Uint8Array,
    Int32Array,
  ];
  for (let at = 0; at < types.length; at += 1) {
    const { prototype } = types[at];
    const names = ownKeys(prototype);
    for (let name = 0; name < names.length; name += 1) {
      const { writable, value } = getOwnPropertyDescriptor(prototype, names[name]);
      if (writable && typeof value === "function" && names[name] !== "constructor")
        prototype[names[name]] = refuse;
    }
  }
  JSON.stringify = refuse;
  JSON.parse = refuse;
  Object.keys = refuse;
  Array.isArray = refuse;
  return { eventType: "seen", data: { v: 1 } };
}
