import type { Origin } from "./config.ts";

/** A value that one source gives for one setting. */
export interface LayerValue {
  readonly value: unknown;
  readonly origin: Origin;
}

/** What one source (file, environment, flags) says, by dotted key. */
export type Layer = ReadonlyMap<string, LayerValue>;
