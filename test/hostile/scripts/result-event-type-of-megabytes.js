// Attempt: An event type that fills a header, a key and a metric's label.
// Outcome: rejected output BAD_EVENT_TYPE at output
function attack() {
  return { eventType: "x".repeat(1e6), data: { v: 1 } };
}
