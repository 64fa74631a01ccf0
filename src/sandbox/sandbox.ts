import { LRUCache } from "lru-cache";
import { MillraceError } from "../model/error.ts";
import { judge } from "./blame.ts";
import type { CrossingMode } from "./crossing-frame.ts";
import { createCrossingSize, type CrossingSize } from "./crossing-size.ts";
import { ExecutorSet, type CrossingOrder } from "./executor-set.ts";
import { executorProcesses } from "./executor-process.ts";
import { openExecutorThread } from "./executor-thread.ts";
import type { CrossingAnswer } from "./executor.ts";
import type { RunnableTemplate, Sandbox, SandboxEvent, SandboxResult, SandboxStats } from "./port.ts";

export interface SandboxOptions {
  readonly executors: number;
  /** `process` is the wall against strangers' scripts; `thread` is for scripts that are trusted. */
  readonly isolation: "process" | "thread";
  /** The guest bundle's text. */
  readonly guestBundle: string;
  /** Most events of one crossing. More make crossings cheaper by little and longer by much. */
  readonly crossingEvents: number;
  /** Most isolates an executor holds, about 1 MB each when idle. */
  readonly isolatesPerExecutor: number;
  readonly spareIsolates: number;
}

/**
 * Resident memory at which an executor gives up idle isolates, and at which the watchdog ends it, bytes. They protect
 * the host; more lets one executor keep more orgs warm, and one script take more before it is stopped.
 */
const pressureBytes = 600 * 2 ** 20;
const residentLimitBytes = 1_000 * 2 ** 20;
/** Templates whose cost and probation are remembered. */
const rememberedTemplates = 10_000;

/** Opens executors and resolves when they take work. Rejects with `EXECUTOR` when they cannot start. */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { guestBundle, crossingEvents } = options;
  const pool = { ceiling: options.isolatesPerExecutor, spares: options.spareIsolates, pressureBytes };
  // Beside the pool's own there may be one in which an event runs alone.
  const mostIsolates = pool.ceiling + pool.spares + 1;
  const shared = {
    open: options.isolation === "thread" ? openExecutorThread : executorProcesses(mostIsolates),
    hello: { guestBundle, crossingEvents, pool },
    residentLimitBytes,
  };
  const main = new ExecutorSet({ ...shared, size: options.executors });
  // Suspects and slow templates run apart, so that what they do to an executor costs nobody else's events any time.
  let apart: ExecutorSet | undefined;
  let closed = false;
  const sizes = new LRUCache<string, CrossingSize>({ max: rememberedTemplates });

  const sizeOf = (template: RunnableTemplate): CrossingSize => {
    const known = sizes.get(template.fingerprint);
    if (known !== undefined) return known;
    const size = createCrossingSize(crossingEvents);
    sizes.set(template.fingerprint, size);
    return size;
  };

  const secondSet = (): ExecutorSet => {
    if (closed) throw new MillraceError("CLOSED", "the sandbox was closed");
    return (apart ??= new ExecutorSet({ ...shared, size: 1 }));
  };

  const order = (
    template: RunnableTemplate,
    mode: CrossingMode,
    events: readonly SandboxEvent[],
    lane: string,
  ): CrossingOrder => ({
    template,
    mode,
    events,
    lane,
    cpuDeadlineMs: cpuDeadlineMs(template, mode, events.length),
    expectedUs: sizeOf(template).expectedUs(events.length),
  });

  const runApart = async (
    template: RunnableTemplate,
    event: SandboxEvent,
    lane: string,
  ): Promise<SandboxResult> => {
    const set = secondSet();
    const size = sizeOf(template);
    let verdict: "passed" | "convicted" = "passed";
    const result = await judge(
      template,
      event,
      (of, mode, one) => set.run(order(of, mode, [one], lane)),
      () => (verdict = "convicted"),
    );
    if (verdict === "passed") size.passOne();
    else size.startProbation();
    return result;
  };

  const runCrossing = async (
    template: RunnableTemplate,
    events: readonly SandboxEvent[],
    lane: string,
  ): Promise<SandboxResult[]> => {
    const size = sizeOf(template);
    const alone = (event: SandboxEvent): Promise<SandboxResult> => runApart(template, event, lane);
    if (size.onProbation() === "yes") return Promise.all(events.map(alone));
    const set = size.pace() === "slow" ? secondSet() : main;
    const answer = await set.run(order(template, "group", events, lane));
    if (answer.kind === "died" && !answer.death.started) return runCrossing(template, events, lane);
    const stood = standing(answer, events.length);
    if (answer.kind === "answered") size.observe(stood.length, answer.results.cpuUs);
    if (stood.length === events.length) return stood;
    if (mayBeTheTemplates(answer)) size.startProbation();
    return [...stood, ...(await Promise.all(events.slice(stood.length).map(alone)))];
  };

  try {
    await main.ready();
  } catch (cause) {
    await main.close();
    throw cause;
  }

  return {
    run: async (template, events, { lane = "" } = {}) => {
      const parts: Promise<SandboxResult[]>[] = [];
      for (let from = 0; from < events.length;) {
        const most = sizeOf(template).onProbation() === "yes" ? events.length : sizeOf(template).next();
        parts.push(runCrossing(template, events.slice(from, from + most), lane));
        from += most;
      }
      return parts.length === 1 ? (parts[0] as Promise<SandboxResult[]>) : (await Promise.all(parts)).flat();
    },
    expectedEventMs: (template) => sizeOf(template).expectedUs(1) / 1_000,
    stats: () => gatherStats(main, apart),
    close: async () => {
      closed = true;
      await Promise.all([main.close(), apart?.close()]);
    },
  };
}

/** Results that stand whatever happened after them. */
function standing(answer: CrossingAnswer, count: number): SandboxResult[] {
  if (answer.kind === "died") return [];
  const { end, results } = answer.results;
  if (end.kind !== "broken") return [...results];
  return Array.from({ length: count }, () => ({ kind: "fault", fault: end.fault }) as const);
}

/** Whether a failure may have to do with the template: an executor that was ended or frozen from outside says nothing. */
function mayBeTheTemplates(answer: CrossingAnswer): boolean {
  if (answer.kind === "answered") return true;
  switch (answer.death.reason) {
    case "deadline":
    case "memory":
    case "crash":
      return true;
    case "gone":
    case "frozen":
    case "closed":
      return false;
  }
}

/** CPU after which the watchdog ends an executor: more than any crossing needs whose own limits still work. */
function cpuDeadlineMs(template: RunnableTemplate, mode: CrossingMode, events: number): number {
  const { stageCpuMs } = template.limits;
  // Compiling, the trial run of the top level and a new isolate come on top of the stages.
  const standingMs = 300 + stageCpuMs * 2;
  if (mode !== "group") return standingMs + stageCpuMs * 4;
  return standingMs + stageCpuMs * 2 + events * (template.realm === "fresh" ? 10 : 0);
}

async function gatherStats(main: ExecutorSet, apart: ExecutorSet | undefined): Promise<SandboxStats> {
  const sets = apart === undefined ? [main] : [main, apart];
  const executors: SandboxStats["executors"][number][] = [];
  const kills: Record<string, number> = {};
  const isolates: Record<string, number> = {};
  const recycled: Record<string, number> = {};
  for (const set of sets) {
    addCounts(kills, set.kills());
    for (const { executor, stats } of await set.stats()) {
      const state = set === main ? (executor.inFlight > 0 ? "busy" : "idle") : "apart";
      executors.push({
        pid: executor.pid,
        state,
        crossings: stats?.crossings ?? 0,
        events: stats?.events ?? 0,
        residentBytes: stats?.residentBytes ?? 0,
      });
      addCounts(isolates, stats?.isolates ?? {});
      addCounts(recycled, stats?.recycled ?? {});
    }
  }
  return { executors, kills, isolates, recycled };
}

function addCounts(into: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) into[name] = (into[name] ?? 0) + count;
}
