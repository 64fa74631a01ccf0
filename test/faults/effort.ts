/**
 * How much the tests of faults do. By default as much as fits into every run of the tests; `MILLRACE_FAULTS=long` asks
 * for what takes some twenty minutes.
 */
const isLong = process.env["MILLRACE_FAULTS"] === "long";

export const effort = {
  /** Executors that are killed during one run. */
  kills: isLong ? 1_000 : 100,
  /** `all` ways in which a script can fail at all stages, or `some`. */
  failures: isLong ? "all" : "some",
  /** Random mixes of good and failing events. */
  mixes: isLong ? 40 : 1,
  /** How often the supervisor is killed. */
  supervisorKills: isLong ? 20 : 1,
  /** How often a stream is killed while events flow in. */
  streamKills: isLong ? 100 : 7,
  /** How often a stream is told to end while events flow in. */
  streamStops: isLong ? 20 : 1,
  /** How often a log with a WAL beside it is cut at a random place. */
  logCuts: isLong ? 200 : 4,
  /** Workers' threads and executors that are ended in one process. */
  workerKills: isLong ? 100 : 6,
  /** How often a template is changed under load. */
  templateChanges: isLong ? 50 : 3,
  /** Clients that break off or hang up. */
  badClients: isLong ? 2_000 : 60,
  timeoutMs: isLong ? 1_200_000 : 120_000,
} as const;
