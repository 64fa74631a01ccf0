import { fileURLToPath } from "node:url";
import type { Engine } from "../../app/engine-port.ts";
import { openEngine } from "../../app/open-engine.ts";
import { openCatalogDirectory } from "../../catalog/catalog-directory.ts";
import { createFleet } from "../../fleet/fleet.ts";
import { MillraceError } from "../../model/error.ts";
import { verbConfig, type ConfigFlags } from "../config-options.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { plural } from "../finding-text.ts";
import type { Host } from "../host.ts";
import { chooseDisplay, type Display } from "./display.ts";
import { createFleetInput, type FleetInput } from "./fleet-input.ts";
import { createMeter, type Meter } from "./meter.ts";
import { summaryJson, summaryText, type DemoResult } from "./summary.ts";
import { tallyProblems } from "./tally.ts";

const exampleCatalog = fileURLToPath(new URL("../../../examples/catalog", import.meta.url));

/** The simulated clock starts here, so that the same seed gives the same events on every day. */
const startMs = Date.UTC(2025, 0, 1);

/** The flags of `demo`. */
export interface DemoFlags extends ConfigFlags {
  readonly events?: number | undefined;
  readonly rate?: number | undefined;
  readonly seed: number;
  readonly json?: true | undefined;
}

/** Runs the demonstration to its end and gives the exit code. */
export async function demoSession(host: Host, flags: DemoFlags): Promise<ExitCode> {
  const config = verbConfig(host, flags);
  const catalog = await openCatalogDirectory(exampleCatalog, config.limits);
  const display = chooseDisplay(host, flags.json ? "json" : "text");
  const interrupt = host.watchInterrupts(display.kind === "live" ? "shown" : "said");
  const leaving = new AbortController();
  const engine = await openEngine(config, catalog.view, { debug: "off" });
  const fleet = createFleet({
    seed: flags.seed,
    startMs,
    ...(flags.events !== undefined && { events: flags.events }),
  });
  const input = createFleetInput(fleet, {
    ...(flags.rate !== undefined && { eventsPerSecond: flags.rate }),
    limits: { payloadBytes: config.limits.payloadBytes },
    stop: AbortSignal.any([interrupt.signal, leaving.signal]),
  });
  const meter = createMeter(flags.events);
  try {
    const state = await operate({ display, engine, input, meter, leaving, interrupt: interrupt.signal });
    if (state === "closed") return exitCodes.done;
    return await conclude(host, flags, meter.result(input.sent()), interrupt.signal);
  } finally {
    leaving.abort();
    await engine.close();
    interrupt.release();
  }
}

interface Operation {
  readonly display: Display;
  readonly engine: Engine;
  readonly input: FleetInput;
  readonly meter: Meter;
  readonly leaving: AbortController;
  readonly interrupt: AbortSignal;
}

/** Runs the fleet and shows it at an interval; `closed` where the reader went away. */
async function operate({
  display,
  engine,
  input,
  meter,
  leaving,
  interrupt,
}: Operation): Promise<"done" | "closed"> {
  let state: "done" | "closed" = "done";
  let failure: Error | undefined;
  let showing: Promise<void> | undefined;
  const show = async (): Promise<void> => {
    const sandbox = sandboxInWords(await engine.stats());
    if ((await display.show(meter.state(sandbox, interrupt.aborted ? "draining" : "running"))) === "open")
      return;
    state = "closed";
    leaving.abort();
  };
  const timer = setInterval(() => {
    // A slow reader gets fewer states, not a queue of them.
    showing ??= show()
      .catch((error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
        leaving.abort();
      })
      .finally(() => (showing = undefined));
  }, display.intervalMs);
  try {
    for await (const group of engine.process(input.groups)) {
      for (const processed of group) meter.add(input.next(), processed);
    }
  } finally {
    clearInterval(timer);
    await showing;
    display.end();
  }
  if (failure !== undefined) throw failure;
  return state;
}

async function conclude(
  host: Host,
  flags: DemoFlags,
  result: DemoResult,
  interrupt: AbortSignal,
): Promise<ExitCode> {
  await host.stdout.write(flags.json ? summaryJson(result) : summaryText(result, host.dataColors));
  const problems = tallyProblems(result.tally, result.sent);
  if (problems.length > 0)
    throw new MillraceError("INTERNAL", `the counts do not add up: ${problems.join("; ")}`);
  return interrupt.aborted ? exitCodes.interrupted : exitCodes.done;
}

function sandboxInWords({ executors, isolates, kills }: Awaited<ReturnType<Engine["stats"]>>): string {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const killed = sum(kills);
  return [
    plural(executors.length, "executor"),
    plural(sum(isolates), "isolate"),
    ...(killed === 0 ? [] : [`${plural(killed, "executor")} replaced`]),
  ].join(", ");
}
