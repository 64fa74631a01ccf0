// Attempt: A verdict with a million errors, each of them long.
// At: validate
// Cpu: 300
// Outcome: rejected validation VALIDATE_REFUSED at validate
// Message: ^.{1,4200}$
function attack() {
  return { valid: false, errors: Array(1e6).fill("e".repeat(1e5)) };
}
