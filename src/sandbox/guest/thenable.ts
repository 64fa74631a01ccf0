/**
 * Whether a value could resolve later, which would be in another event's time: it has a method `then`. Asking may run
 * the author's code.
 */
export function isThenable(value: unknown): boolean {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return false;
  return typeof (value as { then?: unknown }).then === "function";
}
