import { Command } from "@commander-js/extra-typings";
import { catalogOrDefault } from "./catalog-path.ts";
import { configOption, executorsOption, setOption, verbConfig } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";
import { findTargets } from "./test/test-targets.ts";

/** `test`: runs cases through the real engine and compares what their expectations name. */
export function testCommand(host: Host, finish: Finish) {
  return new Command("test")
    .description("run the cases of templates")
    .argument("[path...]", "a catalog, org, template or file of cases; by default ./catalog or .")
    .option("--watch", "run again whenever a file changes")
    .option("--update", "write what came out into the expectations of failed cases")
    .option("--json", "print JSON")
    .addOption(configOption())
    .addOption(executorsOption())
    .addOption(setOption())
    .action(async (given, flags) => {
      const config = verbConfig(host, flags);
      const paths = given.length > 0 ? given : [catalogOrDefault(config, host.workingDir)];
      // A wrong path is told before anything is started.
      findTargets(paths, host.workingDir);
      const { testSession } = await import("./test/test-session.ts");
      finish(await testSession(host, config, paths, flags));
    });
}
