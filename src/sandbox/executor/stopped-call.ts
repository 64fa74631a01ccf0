/** Why a call into an isolate did not come back with its value. */
export type StopReason = "timeout" | "memory" | "starved";

/** Reads what isolated-vm throws; `undefined` for an error that is neither of its own stops. */
export function stopReason(thrown: unknown, isolateDisposed: boolean): StopReason | undefined {
  const message = thrown instanceof Error ? thrown.message : "";
  if (isolateDisposed || message.includes("memory limit") || message.includes("was disposed"))
    return "memory";
  if (message.includes("timed out")) return "timeout";
  return undefined;
}
