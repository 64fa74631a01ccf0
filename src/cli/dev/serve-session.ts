import { openStream } from "../../app/open-stream.ts";
import { requiredCatalog, shownPath } from "../catalog-path.ts";
import { verbConfig, type ConfigFlags } from "../config-options.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { catalogWords } from "./catalog-words.ts";
import { sayNotice } from "./say-notice.ts";

/** Runs until it is told to stop, drains, and gives the exit code. */
export async function serveSession(host: Host, flags: ConfigFlags): Promise<ExitCode> {
  const config = verbConfig(host, flags);
  const catalog = requiredCatalog(config);
  const interrupt = host.watchInterrupts("said");
  try {
    const stream = await openStream({
      config,
      catalog,
      debug: "off",
      http: "on",
      onNotice: (notice) => sayNotice(host, notice),
      onCatalog: (read) => {
        for (const line of catalogWords(read, shownPath(catalog, host.workingDir), host)) host.say(line);
      },
    });
    host.say(
      `millrace: log ${shownPath(config.log.path, host.workingDir)}, events are taken at ${stream.address}`,
    );
    await untilAborted(interrupt.signal);
    await stream.close();
    return exitCodes.interrupted;
  } finally {
    interrupt.release();
  }
}

/** Resolves when a person or the system wants an end. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
