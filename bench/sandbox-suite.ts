import { measureIsolates, type IsolateCost } from "./isolate-cost.ts";
import { measureOrgScale, type OrgRate } from "./org-scale.ts";
import { measureSandboxTax, type SandboxTax } from "./sandbox-tax.ts";
import { formatCount, type Suite } from "./suite.ts";
import { readWorkload } from "./workload.ts";

interface SandboxFigures {
  readonly sandboxTax: SandboxTax;
  readonly isolates: IsolateCost;
  readonly orgScale: readonly OrgRate[];
}

/** What the sandbox costs over running the scripts in process, what an isolate costs, and many orgs at once. */
export const sandboxSuite: Suite = {
  events: 20_000,
  run: async ({ events, rounds }) => {
    const workload = await readWorkload(events);
    const figures: SandboxFigures = {
      sandboxTax: await measureSandboxTax(workload, rounds),
      isolates: await measureIsolates(workload),
      orgScale: await measureOrgScale(workload),
    };
    return { lines: linesOf(figures), figures };
  },
};

function linesOf({ sandboxTax, isolates, orgScale }: SandboxFigures): string[] {
  return [
    `Sandbox tax: ${formatCount(sandboxTax.events)} events of the example fleet, ${sandboxTax.rounds} rounds in turns`,
    `  in process, new Function    ${formatCount(sandboxTax.inProcessPerSecond).padStart(9)} events/s`,
    `  one executor                ${formatCount(sandboxTax.sandboxPerSecond).padStart(9)} events/s`,
    `  ratio                       ${sandboxTax.ratio.toFixed(3).padStart(9)}  (${sandboxTax.ratioLeast} to ${sandboxTax.ratioMost})`,
    "",
    `An org that comes anew (${isolates.orgs} of them)`,
    `  first event, spare ready    ${isolates.firstEventMs.toFixed(1).padStart(9)} ms`,
    `  first event, no spare       ${isolates.firstEventWithoutSpareMs.toFixed(1).padStart(9)} ms`,
    `  a later event alone         ${isolates.laterEventMs.toFixed(1).padStart(9)} ms`,
    `  idle isolate with template  ${(isolates.idleBytes / 2 ** 20).toFixed(2).padStart(9)} MB`,
    "",
    "Busy orgs on one executor",
    ...orgScale.map(
      ({ orgs, perSecond, evicted }) =>
        `  ${formatCount(orgs).padStart(5)} orgs                  ${formatCount(perSecond).padStart(9)} events/s  (${formatCount(evicted)} isolates made again)`,
    ),
  ];
}
