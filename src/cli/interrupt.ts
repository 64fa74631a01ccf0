/**
 * Signals that come this close together count as one, milliseconds: a terminal sends Ctrl-C to the whole process
 * group, and npm or the launcher pass on what they got, so that one press can arrive twice.
 */
const sameSignalMs = 400;

/** A wish to stop. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives the signals back to the operating system's own handling. */
  release(): void;
}

/**
 * Turns the first Ctrl-C or SIGTERM into an abort, after which a verb finishes what it began. A second one ends the
 * process at once, as the operating system would; executors notice that their supervisor is gone and end too.
 */
export function watchInterrupts(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  let firstAtMs = 0;

  const release = (): void => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
  const handle = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (!controller.signal.aborted) {
      firstAtMs = nowMs;
      controller.abort();
      onFirst();
    } else if (nowMs - firstAtMs > sameSignalMs) {
      release();
      process.kill(process.pid, signal);
    }
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return { signal: controller.signal, release };
}
