import { Command } from "@commander-js/extra-typings";
import { configOption, logOption, setOption, workersOption } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";

/** `dev`: the stream processor on one's own machine, with everything shown as it happens. */
export function devCommand(host: Host, finish: Finish) {
  return new Command("dev")
    .description("run the stream processor here, follow the catalog and show what happens")
    .argument("[catalog]", "directory of the catalog; by default ./catalog, or . where that is one")
    .addOption(logOption())
    .addOption(workersOption())
    .addOption(configOption())
    .addOption(setOption())
    .action(async (catalog, flags) => {
      const { devSession } = await import("./dev/dev-session.ts");
      finish(await devSession(host, { ...flags, catalog }));
    });
}
