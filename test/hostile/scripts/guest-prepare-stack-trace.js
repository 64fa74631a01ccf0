// Attempt: A stack-trace hook of the author's own, to get at the functions and receivers of the engine's frames.
// Outcome: standard {"hooked":false,"sites":false}
function attack() {
  let sites = false;
  try {
    Error.prepareStackTrace = (_error, found) => {
      sites = found.some((site) => site.getThis?.() !== undefined || site.getFunction?.() !== undefined);
      return found;
    };
  } catch {
    // It may refuse loudly as well.
  }
  const { stack } = new Error("x");
  return { eventType: "seen", data: { hooked: typeof stack !== "string", sites } };
}
