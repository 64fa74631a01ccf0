import { Command } from "@commander-js/extra-typings";
import { configOption, setOption } from "./config-options.ts";
import type { Finish, Host } from "./host.ts";

/** `serve`: the stream processor as a service, by its configuration alone. */
export function serveCommand(host: Host, finish: Finish) {
  return new Command("serve")
    .description("run the stream processor as a service")
    .addOption(configOption())
    .addOption(setOption())
    .action(async (flags) => {
      const { serveSession } = await import("./dev/serve-session.ts");
      finish(await serveSession(host, flags));
    });
}
