/** The first thing that an executor is told. */
export interface ExecutorHello {
  /** The script that stands in every isolate before any author's does. */
  readonly guestBundle: string;
  /** Most events of one crossing; it sizes each isolate's shared memory. */
  readonly crossingEvents: number;
  readonly pool: {
    readonly ceiling: number;
    readonly spares: number;
    readonly pressureBytes: number;
  };
}

/** What an executor says of itself. */
export interface ExecutorStats {
  readonly crossings: number;
  readonly events: number;
  /** Isolates by state. */
  readonly isolates: Readonly<Record<string, number>>;
  /** Isolates thrown away, by reason. */
  readonly recycled: Readonly<Record<string, number>>;
  readonly residentBytes: number;
}
