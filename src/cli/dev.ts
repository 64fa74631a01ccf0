import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { configOption, logOption, setOption, workersOption } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";

/** `dev`: the stream processor on one's own machine, with everything shown as it happens. */
export function devCommand(host: Host, finish: Finish) {
  return new Command("dev")
    .description("run the stream processor here, follow the catalog and show what happens")
    .argument("[catalog]", "directory of the catalog; by default ./catalog, or . where that is one")
    .option("--fleet", "let simulated devices send; without a catalog it is that of the examples")
    .option("--events <n>", "with --fleet: stop after so many raw events; by default on Ctrl-C", readCount)
    .option("--rate <n>", "with --fleet: raw events a second; by default as fast as they go", readCount)
    .option("--seed <n>", "with --fleet: seed of the simulation", readSeed, 1)
    .option("--json", "with --fleet: print the summary as JSON")
    .addOption(logOption())
    .addOption(workersOption())
    .addOption(configOption())
    .addOption(setOption())
    .action(async (catalog, flags) => {
      if (flags.fleet) {
        const { fleetSession } = await import("./fleet/fleet-session.ts");
        return finish(await fleetSession(host, { ...flags, catalog }));
      }
      const { devSession } = await import("./dev/dev-session.ts");
      finish(await devSession(host, { ...flags, catalog }));
    });
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("Write a whole number from 1 on.");
  return Number(text);
}

function readSeed(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError("Write a whole number.");
  return Number(text);
}
