import { fileURLToPath } from "node:url";
import { openCatalogDirectory } from "../src/catalog/catalog-directory.ts";
import { loadConfig } from "../src/config/load-config.ts";
import type { Config } from "../src/config/config.ts";
import { healthyRates } from "../src/fleet/event-kind.ts";
import { createFleet } from "../src/fleet/fleet.ts";
import { exampleDevices } from "../src/fleet/roster.ts";
import { admit } from "../src/intake/admit.ts";
import { readLine } from "../src/intake/ndjson-line.ts";
import type { RunnableTemplate, SandboxEvent } from "../src/sandbox/port.ts";

/** Events of one template that arrive in one slice and cross together. */
export interface Group {
  readonly template: RunnableTemplate;
  readonly events: readonly SandboxEvent[];
}

/** The examples' templates and what their devices send, as it stands before the sandbox. */
export interface Workload {
  readonly config: Config;
  readonly events: number;
  /** The groups of one slice after the other's. */
  readonly groups: readonly Group[];
}

/** Records of a slice, as the engine cuts them. */
export const sliceRecords = 1_024;
const catalogPath = fileURLToPath(new URL("../examples/catalog", import.meta.url));
const startMs = Date.UTC(2025, 2, 14);

/** Reads the example catalog and so many healthy events of its fleet, none of an asset whose debug is on. */
export async function readWorkload(events: number): Promise<Workload> {
  const { config } = loadConfig({ workingDir: process.cwd(), environment: {} });
  const { view } = await openCatalogDirectory(catalogPath, config.limits);
  const devices = exampleDevices.filter(({ orgId, assetId }) => view.asset(orgId, assetId)?.debug !== "on");
  const fleet = createFleet({ seed: 1, startMs, events, devices, rates: healthyRates });
  const groups: Group[] = [];
  let slice = new Map<string, { template: RunnableTemplate; events: SandboxEvent[] }>();
  let line = 0;
  for (const event of fleet) {
    line += 1;
    const nowMs = Date.parse(event.line.time ?? "");
    const raw = readLine(Buffer.from(JSON.stringify(event.line)), { line, nowMs, limits: config.limits });
    const admitted = admit(raw, view, { debug: "off" });
    if (admitted.kind === "refused") throw new Error(`line ${line} of the workload was refused`);
    const { template } = admitted;
    const group = slice.get(template.fingerprint) ?? { template, events: [] };
    group.events.push(admitted.event);
    slice.set(template.fingerprint, group);
    if (line % sliceRecords !== 0 && line !== events) continue;
    groups.push(...slice.values());
    slice = new Map();
  }
  return { config, events, groups };
}
