import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Engine } from "../../src/app/engine-port.ts";
import { openEngine } from "../../src/app/open-engine.ts";
import { openCatalogDirectory } from "../../src/catalog/catalog-directory.ts";
import { outcomeLines } from "../../src/cli/run/outcome-line.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createFleet, type FleetEvent } from "../../src/fleet/fleet.ts";
import type { IntakeFault } from "../../src/intake/intake-fault.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import type { RawEvent } from "../../src/model/raw-event.ts";

type Group = readonly (RawEvent | IntakeFault)[];

const exampleCatalog = fileURLToPath(new URL("../../examples/catalog", import.meta.url));

/** An engine over the examples' catalog, with everything else as the configuration has it by default. */
export async function openExampleEngine(
  sandbox: Partial<Config["sandbox"]>,
  debug: "off" | "on" = "off",
): Promise<Engine> {
  const { config } = loadConfig({ workingDir: "/" });
  const { view } = await openCatalogDirectory(exampleCatalog, config.limits);
  return openEngine({ ...config, sandbox: { ...config.sandbox, ...sandbox } }, view, { debug });
}

const groupEvents = 256;

/** Raw events of the simulated fleet; the same seed and number give the same. */
export async function* fleetGroups(events: number, seed = 1): AsyncGenerator<Group, void, undefined> {
  const { config } = loadConfig({ workingDir: "/" });
  const fleet = createFleet({ seed, startMs: Date.UTC(2025, 0, 1), events });
  const { payloadBytes } = config.limits;
  let line = 0;
  const read = (event: FleetEvent): RawEvent | IntakeFault => {
    line += 1;
    const nowMs = Date.parse(event.line.time ?? "");
    return readLine(Buffer.from(JSON.stringify(event.line)), { line, nowMs, limits: { payloadBytes } });
  };
  let group: (RawEvent | IntakeFault)[] = [];
  for (const event of fleet) {
    group.push(read(event));
    if (group.length < groupEvents) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** What came out of a run: its lines and how many there were of each kind. */
export interface RunOutput {
  /** SHA-256 of all lines as `run` would write them, with console lines where there are any. */
  readonly sha256: string;
  /** By `standard`, `filtered` and the types of rejections. */
  readonly counts: Readonly<Record<string, number>>;
  /** The digest after each thousand events, so that two outputs can be told apart by the place. */
  readonly digests: readonly string[];
}

/** Sends events through an engine to their end. */
export async function runThrough(engine: Engine, input: AsyncIterable<Group>): Promise<RunOutput> {
  const hash = createHash("sha256");
  const counts: Record<string, number> = {};
  const digests: string[] = [];
  let events = 0;
  for await (const group of engine.process(input)) {
    for (const { outcome, console: lines } of group) {
      hash.update(outcomeLines([outcome]));
      if (lines !== undefined) hash.update(JSON.stringify(lines));
      const kind = outcome.kind === "rejected" ? outcome.rejection.type : outcome.kind;
      counts[kind] = (counts[kind] ?? 0) + 1;
      events += 1;
      if (events % 1_000 === 0) digests.push(hash.copy().digest("hex"));
    }
  }
  return { sha256: hash.digest("hex"), counts, digests };
}
