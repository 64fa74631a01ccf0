/** What one request holds in memory. */
export interface Hold {
  /** `full`: all requests together hold too much for so many more; nothing was added. */
  take(bytes: number): "held" | "full";
  /** Gives back everything, once it is durable or refused. */
  release(): void;
}

/**
 * Counts what all requests hold together, bytes, up to a limit. A request that holds all there is may go past it:
 * otherwise a body larger than the limit would be refused for ever.
 */
export function createWaitingBytes(limitBytes: number): () => Hold {
  let heldByAll = 0;
  return () => {
    let held = 0;
    return {
      take: (bytes) => {
        if (heldByAll + bytes > limitBytes && heldByAll > held) return "full";
        held += bytes;
        heldByAll += bytes;
        return "held";
      },
      release: () => {
        heldByAll -= held;
        held = 0;
      },
    };
  };
}
