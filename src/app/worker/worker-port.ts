import type { CatalogOrgs } from "../../catalog/catalog-view.ts";
import type { Config } from "../../config/config.ts";
import type { SandboxStats } from "../../sandbox/port.ts";
import type { OutcomeCounts } from "./outcome-counts.ts";

/** What a worker's thread is started with: plain data, copied to it. */
export interface WorkerStart {
  readonly config: Config;
  /** The consumer group of all workers. */
  readonly group: string;
  readonly share: { readonly index: number; readonly of: number };
  readonly orgs: CatalogOrgs;
  /** `on` keeps console lines and stacks of every event. */
  readonly debug: "off" | "on";
}

export type ToWorker =
  /** Another catalog, for every record that is fetched from now on. */
  | { readonly kind: "catalog"; readonly orgs: CatalogOrgs }
  | { readonly kind: "stats"; readonly id: number }
  /** Drain and end. */
  | { readonly kind: "close" };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "stats"; readonly id: number; readonly stats: WorkerStats }
  | { readonly kind: "notice"; readonly notice: WorkerNotice };

/** Something that an operator should know of. */
export interface WorkerNotice {
  readonly level: "warn" | "error";
  /** One line. */
  readonly text: string;
}

export interface WorkerStats {
  readonly counts: OutcomeCounts;
  /** Over the last seconds, and since the start. */
  readonly latency: LatencyQuantiles;
  readonly latencyOverall: LatencyQuantiles;
  readonly sandbox: SandboxStats;
  /** Partitions that are owned now. */
  readonly lanes: number;
  /** What is held between fetch and commit. */
  readonly held: { readonly bytes: number; readonly records: number };
}

/** From a record's timestamp to the commit of its outcome, milliseconds. */
export interface LatencyQuantiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}
