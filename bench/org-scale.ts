import { ofOrg } from "./isolate-cost.ts";
import { median, openOneExecutor, timeSandbox } from "./sandbox-tax.ts";
import { sliceRecords, type Group, type Workload } from "./workload.ts";
import type { RunnableTemplate, Sandbox, SandboxEvent } from "../src/sandbox/port.ts";

/** The rate of one executor with so many orgs, all of them busy. */
export interface OrgRate {
  readonly orgs: number;
  readonly perSecond: number;
  /** Isolates made again because others needed their place, in one round. */
  readonly evicted: number;
}

const orgCounts = [1, 10, 100, 1_000] as const;
const rounds = 3;
/** Slices that go together: an org's share of the events must be more than one for a crossing to be of use. */
const slicesTogether = 16;

/** The same events, dealt out to more and more orgs in turn. */
export async function measureOrgScale(workload: Workload): Promise<OrgRate[]> {
  const rates: OrgRate[] = [];
  for (const orgs of orgCounts) {
    const groups = dealOut(workload, orgs);
    const sandbox = await openOneExecutor(workload);
    try {
      await timeSandbox(groups, sandbox);
      const before = await recycledForRoom(sandbox);
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) times.push(await timeSandbox(groups, sandbox));
      const after = await recycledForRoom(sandbox);
      const perSecond = Math.round((workload.events * 1_000) / median(times));
      rates.push({ orgs, perSecond, evicted: Math.round((after - before) / rounds) });
    } finally {
      await sandbox.close();
    }
  }
  return rates;
}

/** Isolates given up because there were too many of them, or because they took too much memory. */
async function recycledForRoom(sandbox: Sandbox): Promise<number> {
  const { recycled } = await sandbox.stats();
  return (recycled["evicted"] ?? 0) + (recycled["pressure"] ?? 0);
}

/** One template for all orgs, so that nothing but their number changes. */
function dealOut({ groups }: Workload, orgs: number): Group[] {
  const [first] = groups;
  if (first === undefined) throw new Error("the workload is empty");
  const { templateId } = first.template;
  const events = groups.flatMap((group) => (group.template.templateId === templateId ? group.events : []));
  const templates = Array.from({ length: orgs }, (_, org) => ofOrg(first.template, `org-${org}`));
  const dealt: Group[] = [];
  const sliceEvents = sliceRecords * slicesTogether;
  let at = 0;
  let sent = 0;
  const total = groups.reduce((sum, group) => sum + group.events.length, 0);
  while (sent < total) {
    const slice = new Map<RunnableTemplate, SandboxEvent[]>();
    for (let count = 0; count < sliceEvents && sent < total; count += 1, sent += 1, at += 1) {
      const template = templates[at % orgs] as RunnableTemplate;
      const event = events[sent % events.length] as SandboxEvent;
      const own = slice.get(template);
      if (own === undefined) slice.set(template, [event]);
      else own.push(event);
    }
    for (const [template, own] of slice) dealt.push({ template, events: own });
  }
  return dealt;
}
