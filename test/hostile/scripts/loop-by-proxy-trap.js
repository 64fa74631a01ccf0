// Attempt: A look-up that leads to itself, through proxies of proxies, in the engine's own walk over the result.
// Outcome: rejected timeout CPU_LIMIT at output or rejected runtime STACK_DEPTH at output
function attack() {
  const endless = new Proxy(
    {},
    {
      ownKeys: () => {
        for (;;);
      },
    },
  );
  return { eventType: "seen", data: endless };
}
