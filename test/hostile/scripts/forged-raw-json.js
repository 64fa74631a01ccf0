// Attempt: Raw JSON, which could write duplicate keys and 1e999.
// Outcome: standard {"raw":["undefined","undefined"]}
function attack() {
  return { eventType: "seen", data: { raw: [typeof JSON.rawJSON, typeof JSON.isRawJSON] } };
}
