import type { ConsoleLine } from "./script-fault.ts";

/** What scripts wrote to their console for one event, as the debug topic holds it. */
export interface DebugRecord {
  readonly schemaVersion: 1;
  readonly eventId: string;
  readonly orgId: string;
  readonly assetId: string;
  readonly templateId: string;
  readonly templateVersion: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly lines: readonly ConsoleLine[];
}
