// Attempt: A module of the host, by `require`.
// Outcome: rejected runtime UNCAUGHT at transform
// Message: require is not defined
function attack() {
  return require("node:child_process").execSync("id");
}
