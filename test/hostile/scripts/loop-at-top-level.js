// Attempt: An endless loop while the file is loaded, on trial and for every event.
// At: decode
// Others: alike
// Outcome: rejected timeout CPU_LIMIT at decode
for (;;);
function decode(p) {
  return p;
}
