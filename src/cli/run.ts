import { Command, Option } from "@commander-js/extra-typings";
import { configOption, executorsOption, setOption } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";

/** `run`: NDJSON in, one line of NDJSON out for each raw event, in the same order. */
export function runCommand(host: Host, finish: Finish) {
  return new Command("run")
    .description("send raw events through the templates of a catalog")
    .option("--catalog <dir>", "directory of the catalog")
    .requiredOption("--input <file>", "raw events as NDJSON; - is the standard input")
    .option("--now <time>", "what counts as now, ISO 8601 with a zone; by default the start of the run")
    .option("--debug", "show console lines, stacks and the failing line on the standard error")
    .option("--fail-on-rejected", "exit with 1 if any event was rejected")
    .addOption(
      new Option("--progress <when>", "progress bar").choices(["auto", "never"]).default("auto" as const),
    )
    .addOption(configOption())
    .addOption(executorsOption())
    .addOption(setOption())
    .action(async (flags) => {
      const { runSession } = await import("./run/run-session.ts");
      finish(await runSession(host, flags));
    });
}
