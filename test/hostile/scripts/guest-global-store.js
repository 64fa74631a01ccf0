// Attempt: Names that mean something to the object that keeps implicit globals.
// Outcome: standard {"v":1}
function attack() {
  __proto__ = { leaked: "by the store's prototype" };
  constructor = 1;
  toString = () => "x";
  leaked = "by a global";
  return { eventType: "seen", data: { v: 1 } };
}
