/** What is asked of a suite. */
export interface SuiteOptions {
  /** Raw events of one round. */
  readonly events: number;
  /** Rounds of each side, in turns. */
  readonly rounds: number;
}

/** What a suite has measured, for a person and for a program. */
export interface SuiteResult {
  readonly lines: readonly string[];
  readonly figures: object;
}

/** Measurements that belong together and are started by one name. */
export interface Suite {
  /** Events of a round where none are asked for. */
  readonly events: number;
  run(options: SuiteOptions): Promise<SuiteResult>;
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
