/**
 * CPU time that a crossing is cut to, milliseconds. Shorter ones cost more of the ~10 µs that each crossing costs over
 * its events; longer ones make others wait longer for their turn and a kill cost more.
 */
const crossingCpuMs = 8;
/** Events in the first crossing of a template that has not run yet. */
const firstEvents = 32;
/** How much the newest crossing counts in the mean. */
const newest = 0.2;
/** What an event of a template that has not run yet is taken to cost, microseconds. */
const unknownEventUs = 250;
/**
 * Mean cost of an event above which a template is slow, and below which it is fast again, microseconds. A slow one
 * makes the crossings of others wait; the gap keeps a template between the two from moving to and fro.
 */
const slowUs = 2_000;
const fastUs = 1_000;
/** Clean events after which a template that has failed may share a crossing again. */
const probationEvents = 1_000;

/** How many events of one template go into a crossing, from what its events have cost so far. */
export interface CrossingSize {
  /** Most events for the next crossing; 1 while the template is on probation. */
  next(): number;
  onProbation(): "yes" | "no";
  /** `slow` templates keep others waiting, and so run elsewhere. */
  pace(): "fast" | "slow";
  /** Probable cost of so many events, microseconds of CPU. */
  expectedUs(events: number): number;
  observe(events: number, cpuUs: number): void;
  /** An event of the template was stopped: its crossings stay at one event until 1,000 have passed. */
  startProbation(): void;
  /** One event of a template on probation came through. */
  passOne(): void;
}

export function createCrossingSize(mostEvents: number): CrossingSize {
  let eventUs: number | undefined;
  let pace: "fast" | "slow" = "fast";
  let probation = 0;
  return {
    next: () => {
      if (probation > 0) return 1;
      if (eventUs === undefined) return Math.min(firstEvents, mostEvents);
      return Math.max(1, Math.min(mostEvents, Math.floor((crossingCpuMs * 1_000) / eventUs)));
    },
    onProbation: () => (probation > 0 ? "yes" : "no"),
    pace: () => pace,
    expectedUs: (events) => events * (eventUs ?? unknownEventUs),
    observe: (events, cpuUs) => {
      if (events === 0) return;
      const each = cpuUs / events;
      // The first crossing pays for compiling, so it is not what the mean starts from.
      eventUs = eventUs === undefined ? Math.min(each, unknownEventUs) : eventUs + newest * (each - eventUs);
      if (eventUs > slowUs) pace = "slow";
      else if (eventUs < fastUs) pace = "fast";
    },
    startProbation: () => {
      probation = probationEvents;
    },
    passOne: () => {
      if (probation > 0) probation -= 1;
    },
  };
}
