// Attempt: A getter that throws what is no error, while the engine takes the result apart.
// Outcome: rejected output NOT_SERIALIZABLE at output
function attack() {
  return {
    eventType: "seen",
    get data() {
      throw Symbol("nothing that can be shown");
    },
  };
}
