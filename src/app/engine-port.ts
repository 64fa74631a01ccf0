import type { CatalogView } from "../intake/resolve.ts";
import type { IntakeFault } from "../intake/intake-fault.ts";
import type { RawEvent } from "../model/raw-event.ts";
import type { Processed } from "../pipeline/outcome.ts";
import type { SandboxStats } from "../sandbox/port.ts";

/** What an engine is opened with; the defaults of everything else come from the configuration. */
export interface EngineOptions {
  readonly debug: "off" | "on";
}

/** Raw events through tenants' scripts: the pipeline with a sandbox under it. */
export interface Engine {
  /**
   * Takes raw events (or the faults of unreadable ones) and gives their outcomes in the same order, with a bounded
   * number in flight. Ends when the input ends; stops early, and leaves nothing running, when the reader returns.
   */
  process(input: AsyncIterable<readonly (RawEvent | IntakeFault)[]>): AsyncIterable<readonly Processed[]>;
  /** Takes another catalog into use for all events that come after. */
  useCatalog(view: CatalogView): void;
  stats(): Promise<SandboxStats>;
  /** Waits for executors to end; idempotent. */
  close(): Promise<void>;
}
