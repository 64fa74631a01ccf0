// Attempt: A result that resolves later, in another event's time.
// Outcome: rejected runtime ASYNC_RESULT at transform
function attack() {
  return {
    eventType: "seen",
    data: { v: 1 },
    then: (resolve) => resolve({ eventType: "forged", data: { v: 2 } }),
  };
}
