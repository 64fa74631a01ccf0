import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { configOption, executorsOption, setOption } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";

/** `demo`: a simulated fleet through the example templates. */
export function demoCommand(host: Host, finish: Finish) {
  return new Command("demo")
    .description("send a simulated fleet through the example templates")
    .option("--events <n>", "stop after so many raw events; by default on Ctrl-C", readCount)
    .option("--rate <n>", "raw events a second; by default as fast as they go", readCount)
    .option("--seed <n>", "seed of the simulation", readSeed, 1)
    .option("--json", "print the summary as JSON")
    .addOption(configOption())
    .addOption(executorsOption())
    .addOption(setOption())
    .action(async (flags) => {
      const { demoSession } = await import("./demo/demo-session.ts");
      finish(await demoSession(host, flags));
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
