// Attempt: A single array buffer of eight gigabytes.
// Outcome: rejected runtime ARRAY_BUFFER at transform
function attack() {
  return new ArrayBuffer(8 * 2 ** 30);
}
