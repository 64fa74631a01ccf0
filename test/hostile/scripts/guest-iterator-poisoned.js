// Attempt: The iterators of arrays, strings and maps, poisoned for the rest of the event.
// Debug: on
// Outcome: standard {"v":1}
function attack() {
  const map = new Map([[1, 2]]);
  Object.getPrototypeOf([][Symbol.iterator]()).next = () => {
    throw new Error("iterated");
  };
  Array.prototype[Symbol.iterator] = () => {
    throw new Error("iterated");
  };
  Map.prototype[Symbol.iterator] = Array.prototype[Symbol.iterator];
  console.log([1, 2], map, "%s", "x");
  return { eventType: "seen", data: { v: 1 } };
}
