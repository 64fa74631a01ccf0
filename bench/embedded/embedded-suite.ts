import { fileURLToPath } from "node:url";
import { openCatalogDirectory } from "../../src/catalog/catalog-directory.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { formatCount, type Suite } from "../suite.ts";
import { fleetRecords } from "./fleet-records.ts";
import { measureLatency, type Latency } from "./latency.ts";
import { measureMemory, type Memory, type MemoryCourse } from "./memory.ts";
import { openPassThroughSide, openStationSide, warmUp } from "./side.ts";
import { measureThroughput, type SideRate, type Throughput } from "./throughput.ts";

interface EmbeddedFigures {
  readonly throughput: Throughput;
  readonly latency: { readonly halfLoad: Latency; readonly lightLoad: Latency };
  readonly memory: Memory;
}

const catalogPath = fileURLToPath(new URL("../../examples/catalog", import.meta.url));
/** An hour of 100 events a second. */
const hourEvents = 360_000;
const warmUpPasses = 3;

/** The examples' events from the ingest topic of an embedded log to its events topic, against a bare copy of them. */
export const embeddedSuite: Suite = {
  events: 100_000,
  run: async ({ events, rounds }) => {
    const { config } = loadConfig({ workingDir: process.cwd(), environment: {} });
    const catalog = await openCatalogDirectory(catalogPath, config.limits);
    const records = fleetRecords(config, catalog.view, events);
    const passThrough = await openPassThroughSide(config);
    const station = await openStationSide(config, catalog.orgs);
    try {
      for (let pass = 0; pass < warmUpPasses; pass += 1) {
        await warmUp(passThrough, records);
        await warmUp(station, records);
      }
      const memory = await measureMemory(station, records, hourEvents);
      const throughput = await measureThroughput(passThrough, station, records, rounds);
      const half = Math.round(throughput.station.perSecond / 2);
      const halfLoad = await measureLatency(station, records, { perSecond: half, seconds: 10, together: 10 });
      const lightLoad = await measureLatency(station, records, { perSecond: 100, seconds: 10, together: 1 });
      const figures: EmbeddedFigures = { throughput, latency: { halfLoad, lightLoad }, memory };
      return { lines: linesOf(figures), figures: { embedded: figures } };
    } finally {
      await station.close();
      await passThrough.close();
    }
  },
};

function linesOf({ throughput, latency, memory }: EmbeddedFigures): string[] {
  const { events, rounds, passThrough, station, beyondLogUs, ratio, ratioLeast, ratioMost } = throughput;
  return [
    `Embedded log, one worker: ${formatCount(events)} events of the example fleet, ${rounds} rounds in turns`,
    `  pass-through                ${rateLine(passThrough)}`,
    `  end to end                  ${rateLine(station)}`,
    `  ratio                       ${ratio.toFixed(3).padStart(9)}  (${ratioLeast} to ${ratioMost})`,
    `  worker beyond the log       ${beyondLogUs.toFixed(1).padStart(9)} µs of CPU an event`,
    "",
    "Latency, from an append's answer to its output being read",
    latencyLine("half load", latency.halfLoad),
    latencyLine("light load", latency.lightLoad),
    "",
    `Resident memory over ${formatCount(memory.events)} events, as many as an hour of 100 a second brings`,
    memoryLine("supervisor and worker", memory.host),
    memoryLine("executors", memory.executors),
  ];
}

function rateLine({ perSecond, cpuUs }: SideRate): string {
  const cpu = Object.entries(cpuUs).map(([part, us]) => `${part} ${us.toFixed(1)}`);
  return `${formatCount(perSecond).padStart(9)} events/s  (µs of CPU an event: ${cpu.join(", ")})`;
}

function latencyLine(name: string, { perSecond, p50Ms, p99Ms, mostMs }: Latency): string {
  const [p50, p99, most] = [p50Ms, p99Ms, mostMs].map((ms) => ms.toFixed(1));
  return `  ${name.padEnd(12)}${formatCount(perSecond).padStart(7)} events/s  p50 ${p50} ms, p99 ${p99} ms, most ${most} ms`;
}

function memoryLine(
  name: string,
  { startMb, endMb, mostMb, lastHalfGrowthMb, slopeMb }: MemoryCourse,
): string {
  const [start, end, most] = [startMb, endMb, mostMb].map((mb) => mb.toFixed(0));
  const growth = `last half ${lastHalfGrowthMb.toFixed(1)} MB, slope ${slopeMb.toFixed(2)} MB per 100,000 events`;
  return `  ${name.padEnd(24)}start ${start} MB, end ${end} MB, most ${most} MB; ${growth}`;
}
