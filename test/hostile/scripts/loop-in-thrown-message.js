// Attempt: A loop in the message of what is thrown, which the engine reads when the stage is already over.
// Outcome: rejected timeout CPU_LIMIT at transform
function attack() {
  throw {
    get message() {
      for (;;);
    },
  };
}
