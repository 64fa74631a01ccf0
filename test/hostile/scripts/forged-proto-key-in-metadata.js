// Attempt: The same in the event's metadata and as the whole of the data.
// Outcome: standard
function attack() {
  const metadata = JSON.parse('{"__proto__":{"toJSON":1,"polluted":1}}');
  return { eventType: "seen", data: JSON.parse('{"__proto__":null,"hasOwnProperty":1}'), metadata };
}
