import { openSandbox } from "../src/sandbox/sandbox.ts";
import type { Sandbox, SandboxResult } from "../src/sandbox/port.ts";
import { guestBundle } from "../src/script/guest-bundle.ts";
import { createInProcess } from "./in-process.ts";
import type { Group, Workload } from "./workload.ts";

/** The in-process rate and that of one executor with everything on, over the same events in the same run. */
export interface SandboxTax {
  readonly events: number;
  readonly rounds: number;
  /** Medians, events a second. */
  readonly inProcessPerSecond: number;
  readonly sandboxPerSecond: number;
  /** Median of the rounds' own ratios, and their range. */
  readonly ratio: number;
  readonly ratioLeast: number;
  readonly ratioMost: number;
}

/** Groups that are on their way at once: as the engine, one that runs, one that waits, one that is read. */
const groupsAhead = 24;

/** Opens the sandbox as the configuration has it, with one executor. */
export async function openOneExecutor({ config }: Workload): Promise<Sandbox> {
  return openSandbox({
    ...config.sandbox,
    executors: 1,
    isolation: "process",
    guestBundle: await guestBundle(),
  });
}

export async function measureSandboxTax(workload: Workload, rounds: number): Promise<SandboxTax> {
  const inProcess = createInProcess();
  const sandbox = await openOneExecutor(workload);
  try {
    await warmUp(workload, inProcess, sandbox);
    const plainMs: number[] = [];
    const sandboxMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plainMs.push(timeInProcess(workload.groups, inProcess));
      sandboxMs.push(await timeSandbox(workload.groups, sandbox));
    }
    const ratios = plainMs.map((ms, round) => ms / (sandboxMs[round] as number));
    const perSecond = (ms: number): number => Math.round((workload.events * 1_000) / ms);
    return {
      events: workload.events,
      rounds,
      inProcessPerSecond: perSecond(median(plainMs)),
      sandboxPerSecond: perSecond(median(sandboxMs)),
      ratio: rounded(median(ratios)),
      ratioLeast: rounded(Math.min(...ratios)),
      ratioMost: rounded(Math.max(...ratios)),
    };
  } finally {
    await sandbox.close();
  }
}

/** Both sides run everything until it is compiled and optimised; and both must give the same bytes. */
async function warmUp(
  { groups }: Workload,
  inProcess: (group: Group) => Uint8Array[][],
  sandbox: Sandbox,
): Promise<void> {
  for (let pass = 0; pass < 2; pass += 1) {
    for (const group of groups)
      compare(group, inProcess(group), await sandbox.run(group.template, group.events));
  }
}

function compare(group: Group, plain: Uint8Array[][], results: SandboxResult[]): void {
  for (const [index, values] of plain.entries()) {
    const result = results[index];
    const given = result?.kind === "standard" ? result.values : [];
    const same =
      result?.kind !== "fault" &&
      given.length === values.length &&
      given.every((value, at) => Buffer.compare(value, values[at] as Uint8Array) === 0);
    if (!same) {
      const { templateId } = group.template;
      throw new Error(
        `${templateId}: event ${group.events[index]?.eventId} differs: ${JSON.stringify(result)}`,
      );
    }
  }
}

function timeInProcess(groups: readonly Group[], inProcess: (group: Group) => Uint8Array[][]): number {
  const startMs = performance.now();
  let bytes = 0;
  for (const group of groups)
    for (const values of inProcess(group)) for (const value of values) bytes += value.length;
  if (bytes === 0) throw new Error("nothing came out");
  return performance.now() - startMs;
}

export async function timeSandbox(groups: readonly Group[], sandbox: Sandbox): Promise<number> {
  const startMs = performance.now();
  const running: Promise<SandboxResult[]>[] = [];
  for (const { template, events } of groups) {
    running.push(sandbox.run(template, events));
    if (running.length >= groupsAhead) await running.shift();
  }
  await Promise.all(running);
  return performance.now() - startMs;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
