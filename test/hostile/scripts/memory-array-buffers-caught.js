// Attempt: Array buffers again, and whatever the engine throws is caught and passed over. That a caught failure of an
//   allocation rejects the event is not built yet; until it is, the event may also come through, or run out of time.
// Cpu: 1000
// Outcome: rejected runtime ARRAY_BUFFER at transform or rejected memory MEMORY_LIMIT at transform or
//   rejected timeout CPU_LIMIT at transform or standard {"caught":"RangeError"}
function attack() {
  const all = [];
  try {
    for (;;) all.push(new Uint8Array(1e6).fill(1));
  } catch (thrown) {
    return { eventType: "seen", data: { caught: thrown.name } };
  }
}
