// Attempt: A promise by every road that is left without `async`.
// Outcome: standard {"found":[]}
function attack() {
  const roads = {
    fromAsync: () => Array.fromAsync([1]),
    asyncIterator: () => [][Symbol.asyncIterator](),
    wait: () => Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
    compile: () => WebAssembly.compile(new Uint8Array(8)),
    constructor: () => new Promise(() => {}),
    dispose: () => new AsyncDisposableStack().disposeAsync(),
    tasks: () => queueMicrotask(() => {}),
    iterator: () => Iterator.from([1]).toAsync(),
  };
  const found = Object.keys(roads).filter((name) => {
    try {
      return roads[name]() !== undefined;
    } catch {
      return false;
    }
  });
  return { eventType: "seen", data: { found } };
}
