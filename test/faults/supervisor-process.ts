import { openSandbox } from "../../src/sandbox/sandbox.ts";
import { sandboxOptions } from "../sandbox/sandbox-options.ts";
import { eventOf, templateOf, textsOf } from "../sandbox/small-template.ts";
import { bombTemplate } from "./bombs.ts";

/**
 * A supervisor for tests that end or interrupt one. `endless` runs a script that never ends; `draining` runs long
 * events, finishes them when it is interrupted, and writes what became of them and of its executors.
 */
async function main(task: "endless" | "draining"): Promise<void> {
  const sandbox = await openSandbox(await sandboxOptions({ executors: 2 }));
  const pids = async (): Promise<unknown> => (await sandbox.stats()).executors.map(({ pid }) => pid);
  const before = await pids();
  let signals = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => (signals += 1));
  process.stdout.write("ready\n");
  switch (task) {
    case "endless": {
      const template = await templateOf(bombTemplate, { limits: { stageCpuMs: 600_000 } });
      await sandbox.run(template, [eventOf(0, { n: 0, bomb: "overrun", at: "validate" })]);
      return;
    }
    case "draining": {
      const burn = "let sum = 0; for (let i = 0; i < 1e9; i += 1) sum += i % 7;";
      const transform = `function transform(p) { ${burn} return { eventType: "seen", data: { n: p.n, sum } }; }`;
      const template = await templateOf({ transform }, { limits: { stageCpuMs: 600_000 } });
      const results = await Promise.all([0, 1].map((n) => sandbox.run(template, [eventOf(n, { n })])));
      const after = await pids();
      const { kills } = await sandbox.stats();
      await sandbox.close();
      const report = { texts: textsOf(results.flat()), kills, signals, before, after };
      process.stdout.write(`${JSON.stringify(report)}\n`);
    }
  }
}

await main(process.argv[2] === "endless" ? "endless" : "draining");
