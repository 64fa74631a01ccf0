// Attempt: A source that closes the function that the engine puts around it.
// Others: alike
// At: decode
// Outcome: rejected syntax SYNTAX_ERROR at decode
})(), (function () {
function decode(p) {
  return p;
}
