/**
 * How thoroughly the catalogue is gone through. By default every script once, two side by side, in the realm that its
 * source allows; `MILLRACE_FAULTS=long` has one at a time, so that the latencies mean something, and each of those that
 * may run in a sealed realm in a fresh one too.
 */
const isLong = process.env["MILLRACE_FAULTS"] === "long";

export const effort = {
  arenas: isLong ? 1 : 2,
  realms: isLong ? (["chosen", "fresh"] as const) : (["chosen"] as const),
  timeoutMs: isLong ? 1_200_000 : 240_000,
} as const;
