import { setTimeout as delay } from "node:timers/promises";
import { scriptFault } from "../../src/catalog/template-fault.ts";
import { outcomeLines } from "../../src/cli/run/outcome-line.ts";
import { admit } from "../../src/intake/admit.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import type { CatalogTemplate, CatalogView } from "../../src/intake/resolve.ts";
import type { Processed } from "../../src/pipeline/outcome.ts";
import { createPipeline } from "../../src/pipeline/pipeline.ts";
import { openSandbox } from "../../src/sandbox/sandbox.ts";
import { originalPosition } from "../../src/script/original-position.ts";
import { sandboxOptions } from "../sandbox/sandbox-options.ts";
import { executorsCpuMs, watchExecutorMemory } from "./executor-usage.ts";
import { hostileOrg, hostileTemplate, innocentOrg, innocentTemplate } from "./hostile-templates.ts";
import { groupEvents, p99, sendInnocents, type LoadReport } from "./innocent-load.ts";
import type { HostileScript } from "./script-file.ts";

/** What became of one script and of those beside it. */
export interface ScriptReport {
  /** The outcome of the attacking event, as `run` writes it. */
  readonly line: string;
  /** Events of the same template and crossing that fared otherwise than without the attack. */
  readonly harmedNeighbours: number;
  /** Groups of the innocent org's events with other bytes than without the attack. */
  readonly harmedGroups: number;
  readonly innocentEvents: number;
  readonly innocentP99Ms: number;
  readonly innocentP99AloneMs: number;
  /** CPU time of all executors beyond what the innocent events take, restarts included. */
  readonly heldMs: number;
  /** The most that one executor had resident. */
  readonly peakBytes: number;
}

export type ArenaTask = { readonly script: HostileScript; readonly realm: "chosen" | "fresh" };

/** Where an innocent org and a hostile one share a sandbox of one executor, each in a lane of its own. */
export interface Arena {
  fight(task: ArenaTask): Promise<ScriptReport>;
  close(): Promise<void>;
}

const nowMs = Date.UTC(2025, 2, 1);
/** How long the innocent org is alone first, milliseconds. */
const aloneMs = 1_500;
/** How long it goes on alone before each attack, so that its executor is warm again. */
const calmMs = 100;
const attackingPlace = 2;

export async function openArena(): Promise<Arena> {
  const innocent = await innocentTemplate();
  const sandbox = await openSandbox(await sandboxOptions());
  const process = createPipeline({ sandbox, findOriginal: originalPosition });
  const run = (view: CatalogView, lane: string, lines: readonly object[]): Promise<Processed[]> => {
    const admitted = lines.map((line, index) => {
      const context = { line: index + 1, nowMs: nowMs + index, limits: { payloadBytes: 2 ** 20 } };
      return admit(readLine(Buffer.from(JSON.stringify(line)), context), view, { debug: "off" });
    });
    return process(admitted, { lane });
  };
  const innocentView = viewOf({ kind: "runnable", runnable: innocent }, "off");
  const runInnocents = (group: number): Promise<Processed[]> =>
    run(innocentView, "innocent", innocentLines(group));
  const memory = watchExecutorMemory();
  await sendInnocents(runInnocents, Promise.resolve());
  const cpuBefore = executorsCpuMs();
  const alone = await sendInnocents(runInnocents, delay(aloneMs));
  const eventCpuMs = (executorsCpuMs() - cpuBefore) / alone.events;

  const fight = async (task: ArenaTask): Promise<ScriptReport> => {
    const view = viewOf(await catalogTemplate(task), task.script.debug);
    const attack = (kind: "attack" | "calm"): Promise<Processed[]> =>
      run(view, "hostile", hostileLines(kind));
    const calm = task.script.others === "alike" ? undefined : await attack("calm");
    memory.take();
    const before = executorsCpuMs();
    const attacked = delay(calmMs).then(() => attack("attack"));
    const load = await sendInnocents(runInnocents, attacked);
    const heldMs = Math.max(0, executorsCpuMs() - before - load.events * eventCpuMs);
    const fought = await attacked;
    return {
      line: lineOf(fought[attackingPlace]),
      harmedNeighbours: harmedAmong(calm ?? alikeTo(fought), fought),
      ...innocentFigures(alone, load),
      heldMs,
      peakBytes: memory.take(),
    };
  };
  return {
    fight,
    close: async () => {
      memory.close();
      await sandbox.close();
    },
  };
}

/** A catalog of one template, to which every asset is bound. */
function viewOf(template: CatalogTemplate, debug: "off" | "on"): CatalogView {
  return {
    org: (orgId) => ({ orgId }),
    asset: (_org, assetId) => ({ assetId, templateId: "t", debug, attributesJson: "{}" }),
    template: () => template,
  };
}

async function catalogTemplate({ script, realm }: ArenaTask): Promise<CatalogTemplate> {
  const prepared = await hostileTemplate(script, realm);
  if (prepared.kind === "runnable") return prepared;
  const fault = scriptFault(prepared.findings);
  return { kind: "broken", templateId: script.name, templateVersion: "1", fault };
}

function innocentLines(group: number): object[] {
  return Array.from({ length: groupEvents }, (_none, index) => {
    const n = group * groupEvents + index;
    return {
      orgId: innocentOrg,
      assetId: `asset-${n % 7}`,
      eventId: `e${n}`,
      payload: { n, text: `äö ${n}` },
    };
  });
}

function hostileLines(kind: "attack" | "calm"): object[] {
  return [1, 2, 3, 4].map((n, place) => ({
    orgId: hostileOrg,
    assetId: `asset-${n}`,
    eventId: `h${n}`,
    payload: kind === "attack" && place === attackingPlace ? { n, attack: true } : { n },
  }));
}

function lineOf(processed: Processed | undefined): string {
  return processed === undefined ? "" : outcomeLines([processed.outcome]).toString("utf8").trimEnd();
}

/** Where the attack is the file itself, every event has the same outcome but for the event's own ids and bytes. */
function alikeTo(fought: readonly Processed[]): readonly Processed[] {
  const kinds = new Set(
    fought.map(({ outcome }) => (outcome.kind === "rejected" ? outcome.rejection.code : outcome.kind)),
  );
  return kinds.size === 1 ? fought : [];
}

function harmedAmong(calm: readonly Processed[], fought: readonly Processed[]): number {
  return fought.filter(
    (processed, place) => place !== attackingPlace && lineOf(processed) !== lineOf(calm[place]),
  ).length;
}

type InnocentFigures = Pick<
  ScriptReport,
  "harmedGroups" | "innocentEvents" | "innocentP99Ms" | "innocentP99AloneMs"
>;

function innocentFigures(alone: LoadReport, load: LoadReport): InnocentFigures {
  const differing = load.lines.filter((text, group) => text !== alone.lines[group]).length;
  return {
    harmedGroups: differing + load.unsteady.length,
    innocentEvents: load.events,
    innocentP99Ms: p99(load.latenciesMs),
    innocentP99AloneMs: p99(alone.latenciesMs),
  };
}
