// Attempt: A source that is nested as deep as a file may be long, to break whoever parses it.
// Others: alike
// At: decode
// Fill: 300000 (
// Outcome: rejected syntax SYNTAX_ERROR at decode
const deep = /*FILL*/ 1;
function decode(p) {
  return p;
}
