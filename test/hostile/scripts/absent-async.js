// Attempt: An asynchronous function, hidden as a method with a computed name in a class.
// Others: alike
// At: decode
// Outcome: rejected syntax ASYNC_SOURCE at decode
class Hidden {
  static async ["x"]() {}
}
function decode(p) {
  Hidden.x();
  return p;
}
