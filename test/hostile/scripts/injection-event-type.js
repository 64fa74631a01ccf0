// Attempt: A header and a log line, forged by the type of the event.
// Outcome: rejected output BAD_EVENT_TYPE at output
function attack() {
  return { eventType: "seen\r\norg: innocent", data: { v: 1 } };
}
