import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { embeddedSuite } from "./embedded/embedded-suite.ts";
import { logSuite } from "./log-suite.ts";
import { sandboxSuite } from "./sandbox-suite.ts";
import type { Suite, SuiteOptions } from "./suite.ts";

const suites: Readonly<Record<string, Suite>> = {
  sandbox: sandboxSuite,
  embedded: embeddedSuite,
  log: logSuite,
};

const usage = `usage: npm run bench [-- [SUITE] OPTIONS]
  SUITE         sandbox (default): what the scripts cost in an executor
                embedded: a stream through the embedded log, from end to end
                log: the embedded log alone
  --events N    raw events of one round (default 20000; embedded: 100000, log: 300000)
  --rounds N    rounds of each side, in turns (default 9)
  --json FILE   write the figures as JSON as well`;

const options = {
  events: { type: "string" },
  rounds: { type: "string", default: "9" },
  json: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

interface Order extends SuiteOptions {
  readonly suite: Suite;
  readonly json: string | undefined;
}

function readOrder(): Order | undefined {
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.help) return undefined;
    const [name = "sandbox", ...more] = positionals;
    const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
    if (suite === undefined || more.length > 0)
      throw new TypeError(`there is no suite ${positionals.join(" ")}`);
    const events = values.events === undefined ? suite.events : Number(values.events);
    const rounds = Number(values.rounds);
    for (const [option, value] of Object.entries({ events, rounds })) {
      if (!Number.isSafeInteger(value) || value < 1)
        throw new TypeError(`--${option} must be a whole number from 1 on`);
    }
    return { suite, events, rounds, json: values.json };
  } catch (cause) {
    process.stderr.write(`bench: ${cause instanceof Error ? cause.message : String(cause)}\n`);
    return undefined;
  }
}

const order = readOrder();
if (order === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else {
  const machine = {
    node: process.version,
    v8: process.versions.v8,
    cores: navigator.hardwareConcurrency,
  };
  process.stdout.write(`Node ${machine.node}, V8 ${machine.v8}, ${machine.cores} cores\n\n`);
  const { lines, figures } = await order.suite.run(order);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (order.json !== undefined)
    writeFileSync(order.json, `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
}
