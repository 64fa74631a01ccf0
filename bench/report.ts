import type { IsolateCost } from "./isolate-cost.ts";
import type { OrgRate } from "./org-scale.ts";
import type { SandboxTax } from "./sandbox-tax.ts";

export interface BenchReport {
  readonly machine: { readonly node: string; readonly v8: string; readonly cores: number };
  readonly sandboxTax: SandboxTax;
  readonly isolates: IsolateCost;
  readonly orgScale: readonly OrgRate[];
}

/** Writes what was measured as a person reads it. */
export function printReport({ machine, sandboxTax, isolates, orgScale }: BenchReport): void {
  const count = (value: number): string => value.toLocaleString("en-US");
  const lines = [
    `Node ${machine.node}, V8 ${machine.v8}, ${machine.cores} cores`,
    "",
    `Sandbox tax: ${count(sandboxTax.events)} events of the example fleet, ${sandboxTax.rounds} rounds in turns`,
    `  in process, new Function    ${count(sandboxTax.inProcessPerSecond).padStart(9)} events/s`,
    `  one executor                ${count(sandboxTax.sandboxPerSecond).padStart(9)} events/s`,
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
        `  ${count(orgs).padStart(5)} orgs                  ${count(perSecond).padStart(9)} events/s  (${count(evicted)} isolates made again)`,
    ),
    "",
  ];
  process.stdout.write(lines.join("\n"));
}
