/** Waits that grow while something keeps failing. */
export interface BackOff {
  /** The next wait, milliseconds. */
  next(): number;
  /** It worked: the next failure begins with the shortest wait again. */
  reset(): void;
}

/** Doubles from the first to the longest wait, with up to a fifth at random so that many do not come back at once. */
export function createBackOff(
  firstMs: number,
  longestMs: number,
  random: () => number = Math.random,
): BackOff {
  let waitMs = firstMs;
  return {
    next: () => {
      const now = waitMs;
      waitMs = Math.min(longestMs, waitMs * 2);
      return Math.round(now * (1 - random() / 5));
    },
    reset: () => {
      waitMs = firstMs;
    },
  };
}
