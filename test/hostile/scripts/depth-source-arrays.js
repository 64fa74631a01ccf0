// Attempt: The same with brackets, which are patterns or literals for all that a parser knows.
// Others: alike
// At: decode
// Fill: 300000 [
// Outcome: rejected syntax SYNTAX_ERROR at decode
const deep = /*FILL*/ 1;
function decode(p) {
  return p;
}
