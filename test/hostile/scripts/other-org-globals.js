// Attempt: What the innocent org keeps in a global and in a top-level constant.
// Outcome: standard {"leaked":"undefined","secret":"undefined"}
function attack() {
  return { eventType: "seen", data: { leaked: typeof leaked, secret: typeof secret } };
}
