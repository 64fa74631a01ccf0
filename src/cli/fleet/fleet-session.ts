import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openStream, type Stream } from "../../app/open-stream.ts";
import { workerGroup } from "../../app/station.ts";
import { topicKinds } from "../../app/topic-spec.ts";
import type { Config } from "../../config/config.ts";
import type { FleetEvent } from "../../fleet/fleet.ts";
import { MillraceError } from "../../model/error.ts";
import type { Log } from "../../stream/port.ts";
import { loadVerbConfig, type ConfigFlags } from "../config-options.ts";
import { sayNotice } from "../dev/say-notice.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { chooseDisplay, type Display } from "./display.ts";
import { startProduction } from "./fleet-producer.ts";
import { startView } from "./fleet-view.ts";
import { createMeter } from "./meter.ts";
import { openOutcomeFollower } from "./outcome-follower.ts";
import { summarize } from "./station-summary.ts";
import { summaryJson, summaryText, type FleetResult } from "./summary.ts";
import { tallyProblems } from "./tally.ts";

const exampleCatalog = fileURLToPath(new URL("../../../examples/catalog", import.meta.url));

/** Bytes that each partition of a fleet's topics keeps: enough to look at, too little to fill a disk. */
const retainedBytes = 32 * 2 ** 20;
/** How often outcomes are asked for, milliseconds. */
const pollMs = 40;

/** The flags of `demo`. */
export interface FleetFlags extends ConfigFlags {
  readonly events?: number | undefined;
  readonly rate?: number | undefined;
  readonly seed: number;
  readonly json?: true | undefined;
}

/** Runs the fleet through the stream and gives the exit code. */
export async function fleetSession(host: Host, flags: FleetFlags): Promise<ExitCode> {
  const config = fleetConfig(host, flags);
  const display = chooseDisplay(host, flags.json ? "json" : "text");
  const interrupt = host.watchInterrupts(display.kind === "live" ? "shown" : "said");
  const leaving = new AbortController();
  try {
    const stream = await openStream({
      config,
      catalog: flags.catalog ?? exampleCatalog,
      debug: "off",
      http: "on",
      onNotice: (notice) => sayNotice(host, notice),
      onCatalog: () => {},
    });
    try {
      await boundTopics(stream.log, config);
      const operation = { flags, config, stream, display, leaving, interrupt: interrupt.signal };
      const { state, result } = await operate(operation);
      return state === "closed" ? exitCodes.done : await conclude(host, flags, result, interrupt.signal);
    } finally {
      await stream.close();
    }
  } finally {
    interrupt.release();
  }
}

/** Where nobody says otherwise the fleet has a log of its own, and takes any port that is free. */
function fleetConfig(host: Host, flags: FleetFlags): Config {
  const { config, settings } = loadVerbConfig(host, flags);
  const isDefault = (key: string): boolean =>
    settings.find((setting) => setting.key === key)?.origin.kind === "default";
  return {
    ...config,
    ...(isDefault("log") && { log: { ...config.log, path: resolve(host.workingDir, "data/fleet.db") } }),
    ...(isDefault("http.listen") && {
      http: { ...config.http, listen: { ...config.http.listen, port: 0 } },
    }),
  };
}

/** A fleet that runs for long must not fill the disk. */
async function boundTopics(log: Log, config: Config): Promise<void> {
  for (const kind of topicKinds) await log.alterTopic(config.topics[kind], { retentionBytes: retainedBytes });
}

interface Operation {
  readonly flags: FleetFlags;
  readonly config: Config;
  readonly stream: Stream;
  readonly display: Display;
  readonly leaving: AbortController;
  readonly interrupt: AbortSignal;
}

/** Runs the fleet and shows it at an interval; `closed` where the reader went away. */
async function operate(
  operation: Operation,
): Promise<{ readonly state: "done" | "closed"; readonly result: FleetResult }> {
  const { flags, config, stream, display, leaving, interrupt } = operation;
  const { log, station } = stream;
  const { topics } = config;
  const meter = createMeter(flags.events);
  const follower = await openOutcomeFollower<FleetEvent>({ log, group: workerGroup, topics });
  const production = startProduction(operation, follower);
  const view = startView(display, async () => {
    const { sandbox, latency } = summarize(await station.stats());
    return meter.state({ sandbox, latency, phase: interrupt.aborted ? "draining" : "running" });
  });
  try {
    while (!(production.ended() && follower.pending() === 0)) {
      for (const { item, outcome } of await follower.poll()) meter.add(item, outcome);
      if (view.state() === "closed") break;
      await delay(pollMs);
    }
    leaving.abort();
    await production.done;
    const { latencyOverall } = summarize(await station.stats());
    return { state: view.state(), result: meter.result(production.sent(), latencyOverall) };
  } finally {
    leaving.abort();
    await production.done.catch(() => {});
    await view.close();
    await follower.close();
  }
}

async function conclude(
  host: Host,
  flags: FleetFlags,
  result: FleetResult,
  interrupt: AbortSignal,
): Promise<ExitCode> {
  await host.stdout.write(flags.json ? summaryJson(result) : summaryText(result, host.dataColors));
  const problems = tallyProblems(result.tally, result.sent);
  if (problems.length > 0)
    throw new MillraceError("INTERNAL", `the counts do not add up: ${problems.join("; ")}`);
  return interrupt.aborted ? exitCodes.interrupted : exitCodes.done;
}
