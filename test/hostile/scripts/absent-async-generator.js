// Attempt: An asynchronous generator as the default of a parameter.
// Others: alike
// At: decode
// Outcome: rejected syntax ASYNC_SOURCE at decode
function decode(p, q = async function* () {}) {
  return p;
}
