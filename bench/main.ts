import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureIsolates } from "./isolate-cost.ts";
import { measureOrgScale } from "./org-scale.ts";
import { printReport, type BenchReport } from "./report.ts";
import { measureSandboxTax } from "./sandbox-tax.ts";
import { readWorkload } from "./workload.ts";

const usage = `usage: npm run bench [-- OPTIONS]
  --events N    raw events of one round (default 20000)
  --rounds N    rounds of each side, in turns (default 9)
  --json FILE   write the figures as JSON as well`;

const options = {
  events: { type: "string", default: "20000" },
  rounds: { type: "string", default: "9" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

function readOptions(): { events: number; rounds: number; json: string | undefined } | undefined {
  try {
    const { values } = parseArgs({ options, allowPositionals: false });
    if (values.help) return undefined;
    const events = Number(values.events);
    const rounds = Number(values.rounds);
    for (const [name, value] of Object.entries({ events, rounds })) {
      if (!Number.isSafeInteger(value) || value < 1)
        throw new TypeError(`--${name} must be a whole number from 1 on`);
    }
    return { events, rounds, json: values.json };
  } catch (cause) {
    process.stderr.write(`bench: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return undefined;
  }
}

const chosen = readOptions();
if (chosen === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  const workload = await readWorkload(chosen.events);
  const report: BenchReport = {
    machine: { node: process.version, v8: process.versions.v8, cores: navigator.hardwareConcurrency },
    sandboxTax: await measureSandboxTax(workload, chosen.rounds),
    isolates: await measureIsolates(workload),
    orgScale: await measureOrgScale(workload),
  };
  printReport(report);
  if (chosen.json !== undefined) writeFileSync(chosen.json, `${JSON.stringify(report, null, 2)}\n`);
}
