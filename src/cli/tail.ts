import { Argument, Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { configOption, logOption, setOption } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";

/** `tail`: follows a topic of a log, one line of NDJSON for each record. */
export function tailCommand(host: Host, finish: Finish) {
  return new Command("tail")
    .description("follow a topic of the log, until Ctrl-C; who consumes it is not disturbed")
    .addArgument(
      new Argument("<topic>", "what to follow").choices([
        "events",
        "dead-letters",
        "ingest",
        "debug",
      ] as const),
    )
    .addOption(
      new Option("--from <place>", "where to begin").choices(["beginning", "end"]).default("end" as const),
    )
    .option("--count <n>", "end after so many records", parseCount)
    .option("--with-record", "show topic, partition, offset, timestamp, key and headers of each record too")
    .addOption(logOption())
    .addOption(configOption())
    .addOption(setOption())
    .action(async (topic, flags) => {
      const { tailSession } = await import("./tail/tail-session.ts");
      finish(await tailSession(host, topic, flags));
    });
}

function parseCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count < 1 || !Number.isSafeInteger(count))
    throw new InvalidArgumentError("Write a whole number from 1 on.");
  return count;
}
