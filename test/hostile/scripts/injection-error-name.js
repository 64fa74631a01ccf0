// Attempt: The name of an error, and of a function, with line breaks and escapes.
// Outcome: rejected runtime UNCAUGHT at transform
// Message: ^[^\x00-\x1f\x7f-\x9f]*$
// Debug: on
function attack() {
  const thrower = {
    "\n    at root (/etc/shadow:1:1)\u001b[31m"() {
      const error = new TypeError("x");
      error.name = "Error\n\u001b[2J";
      throw error;
    },
  };
  for (const name of Object.keys(thrower)) thrower[name]();
}
