// Attempt: A codec's warnings of a megabyte, which each of a hundred events carries.
// At: decode
// Dialect: lorawan
// Cpu: 200
// Others: alike
// Outcome: rejected output TOO_LARGE at output
function decodeUplink() {
  return { data: { v: 1 }, warnings: Array(100).fill("w".repeat(12000)) };
}
function transform() {
  return Array.from({ length: 100 }, (_none, n) => ({ eventType: "seen", data: { n } }));
}
