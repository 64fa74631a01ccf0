import type { Config } from "../../src/config/config.ts";
import type { CatalogView } from "../../src/intake/resolve.ts";
import { healthyRates } from "../../src/fleet/event-kind.ts";
import { createFleet } from "../../src/fleet/fleet.ts";
import { exampleDevices } from "../../src/fleet/roster.ts";
import { toIngestRecord } from "../../src/intake/event-record.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import type { OutgoingRecord } from "../../src/stream/port.ts";

const startMs = Date.UTC(2025, 2, 14);

/** What the example fleet's healthy devices send, as HTTP would put it into the ingest topic. */
export function fleetRecords(config: Config, view: CatalogView, events: number): OutgoingRecord[] {
  const devices = exampleDevices.filter(({ orgId, assetId }) => view.asset(orgId, assetId)?.debug !== "on");
  const fleet = createFleet({ seed: 1, startMs, events, devices, rates: healthyRates });
  const records: OutgoingRecord[] = [];
  for (const { line } of fleet) {
    const place = { line: records.length + 1, nowMs: startMs, limits: config.limits };
    const raw = readLine(Buffer.from(JSON.stringify(line)), place);
    if ("fault" in raw) throw new Error(`line ${place.line} of the fleet is no event: ${raw.fault.message}`);
    records.push({ topic: config.topics.ingest, ...toIngestRecord(raw), timestampMs: Date.now() });
  }
  return records;
}
