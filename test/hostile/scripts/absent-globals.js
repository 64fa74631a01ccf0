// Attempt: Everything of a host that a script could find by its name.
// Outcome: standard {"found":[]}
function attack() {
  const names = (
    "process require module_ global window self Deno Bun fetch XMLHttpRequest WebSocket Worker importScripts " +
    "setTimeout setInterval setImmediate queueMicrotask clearTimeout performance navigator crypto MessageChannel " +
    "SharedArrayBuffer Atomics WebAssembly WeakRef FinalizationRegistry Promise ShadowRealm Temporal AsyncDisposableStack " +
    "ivm isolate _ivm __millrace d8 print load read quit version Realm gc internalBinding primordials"
  ).split(" ");
  const found = names.filter((name) => name in globalThis || globalThis[name] !== undefined);
  return { eventType: "seen", data: { found } };
}
