import { setTimeout as delay } from "node:timers/promises";
import type { RunnableTemplate } from "../src/sandbox/port.ts";
import { median, openOneExecutor, rounded } from "./sandbox-tax.ts";
import type { Workload } from "./workload.ts";

/** What an org costs that has just come, and one that is idle. */
export interface IsolateCost {
  readonly orgs: number;
  /** Median wall time from asking to the outcome of an org's first event, with a spare isolate ready, milliseconds. */
  readonly firstEventMs: number;
  /** The same where isolates are asked for faster than spares are made, milliseconds. */
  readonly firstEventWithoutSpareMs: number;
  /** Wall time of an org's later event that comes alone, milliseconds: what the first ones are compared with. */
  readonly laterEventMs: number;
  /** Resident memory that one more idle org takes, its isolate and one template in it, bytes. */
  readonly idleBytes: number;
}

const orgs = 100;

/** Asks one executor for events of orgs that it has not seen. */
export async function measureIsolates(workload: Workload): Promise<IsolateCost> {
  const [group] = workload.groups;
  const [event] = group?.events ?? [];
  if (group === undefined || event === undefined) throw new Error("the workload is empty");
  const sandbox = await openOneExecutor(workload);
  const timeOne = async (template: RunnableTemplate): Promise<number> => {
    const startMs = performance.now();
    await sandbox.run(template, [event]);
    return performance.now() - startMs;
  };
  try {
    await timeOne(ofOrg(group.template, "warm"));
    const before = await residentBytes(sandbox);
    const first: number[] = [];
    const rushed: number[] = [];
    const later: number[] = [];
    for (let org = 0; org < orgs / 2; org += 1) {
      // Time enough for the executor to make its spares again.
      await delay(40);
      first.push(await timeOne(ofOrg(group.template, `first-${org}`)));
    }
    for (let org = 0; org < orgs / 2; org += 1) {
      await delay(5);
      later.push(await timeOne(ofOrg(group.template, `first-${org}`)));
    }
    for (let org = 0; org < orgs / 2; org += 1)
      rushed.push(await timeOne(ofOrg(group.template, `rushed-${org}`)));
    const idleBytes = Math.round(((await residentBytes(sandbox)) - before) / orgs);
    return {
      orgs,
      firstEventMs: rounded(median(first)),
      firstEventWithoutSpareMs: rounded(median(rushed)),
      laterEventMs: rounded(median(later)),
      idleBytes,
    };
  } finally {
    await sandbox.close();
  }
}

async function residentBytes(sandbox: Awaited<ReturnType<typeof openOneExecutor>>): Promise<number> {
  const [executor] = (await sandbox.stats()).executors;
  return executor?.residentBytes ?? 0;
}

/** The template as another org's. */
export function ofOrg(template: RunnableTemplate, orgId: string): RunnableTemplate {
  return { ...template, orgId, fingerprint: `${template.fingerprint}:${orgId}` };
}
