import { Command, Option } from "@commander-js/extra-typings";
import { configOption, logOption, setOption } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";

/** `produce`: NDJSON into the ingest topic of a log. */
export function produceCommand(host: Host, finish: Finish) {
  return new Command("produce")
    .description("append raw events to the log's ingest topic; a bad line is told and left out")
    .requiredOption("--input <file>", "raw events as NDJSON; - is the standard input")
    .addOption(logOption())
    .addOption(
      new Option("--progress <when>", "progress bar").choices(["auto", "never"]).default("auto" as const),
    )
    .addOption(configOption())
    .addOption(setOption())
    .action(async (flags) => {
      const { produceSession } = await import("./produce/produce-session.ts");
      finish(await produceSession(host, flags));
    });
}
