// Attempt: The engine's own stack-trace hook, called by hand with forged call sites.
// Outcome: rejected runtime UNCAUGHT at transform
// Message: ^(?!.*millrace:guest)
function attack() {
  const error = new Error("x");
  const site = {
    getFileName: () => "/etc/passwd",
    getLineNumber: () => 1,
    getColumnNumber: () => 1,
    getFunctionName: () => "root",
    isConstructor: () => false,
  };
  Error.prepareStackTrace(error, [site]);
  throw error;
}
