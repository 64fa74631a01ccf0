// Attempt: Code from text, by the constructor of every kind of function that can be found.
// Outcome: standard {"made":0}
function attack() {
  let made = 0;
  const roads = [
    () => Function,
    () => (() => {}).constructor,
    () => function () {}.constructor,
    () => function* () {}.constructor,
    () => Object.getPrototypeOf(function* () {}).constructor,
    () => Object.getPrototypeOf(class {}).constructor,
    () => class extends Function {},
    () => ({}).constructor.constructor,
    () => [].map.constructor,
    () => attack.bind().constructor,
    () => Buffer.from.constructor,
    () => console.log.constructor,
    () => Date.constructor,
    () => Proxy.constructor,
    () => Math.random.constructor,
    () => Object.getOwnPropertyDescriptor(RegExp.prototype, "flags").get.constructor,
    () => new Proxy(Function, {}),
    () => Error.captureStackTrace.constructor,
    () => Symbol.constructor.constructor,
    () => Reflect.apply.constructor,
    () => structuredClone.constructor,
  ];
  for (const road of roads) {
    for (const make of [
      (of) => new of("return 7"),
      (of) => of("return 7"),
      (of) => Reflect.construct(of, ["return 7"]),
    ]) {
      try {
        if (make(road())() !== undefined) made += 1;
      } catch {
        // As it should be.
      }
    }
  }
  return { eventType: "seen", data: { made } };
}
