// Attempt: A module of the host, by `import()`.
// Others: alike
// At: decode
// Outcome: rejected syntax ASYNC_SOURCE at decode
function decode(p) {
  import("node:fs");
  return p;
}
