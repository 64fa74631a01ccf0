import { openStream, type Stream } from "../../app/open-stream.ts";
import type { DirectoryCatalog } from "../../catalog/catalog-directory.ts";
import type { Config } from "../../config/config.ts";
import { catalogOrDefault, shownPath } from "../catalog-path.ts";
import { verbConfig, type ConfigFlags } from "../config-options.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { catalogWords } from "./catalog-words.ts";
import { showOutputs } from "./output-view.ts";
import { sayNotice } from "./say-notice.ts";
import { untilAborted } from "./serve-session.ts";

/** Runs the stream processor and shows what comes out, until a person wants to stop. */
export async function devSession(host: Host, flags: ConfigFlags): Promise<ExitCode> {
  const config = verbConfig(host, flags);
  const catalog = catalogOrDefault(config, host.workingDir);
  const interrupt = host.watchInterrupts("said");
  let current: DirectoryCatalog | undefined;
  try {
    const stream = await openStream({
      config,
      catalog,
      debug: "on",
      http: "on",
      onNotice: (notice) => sayNotice(host, notice),
      onCatalog: (read) => {
        current = read;
        for (const line of catalogWords(read, shownPath(catalog, host.workingDir), host)) host.say(line);
      },
    });
    const directoryOf = (orgId: string, templateId: string): string | undefined =>
      current?.orgs.get(orgId)?.templates.get(templateId)?.directory;
    return await follow(host, config, stream, { interrupt: interrupt.signal, directoryOf });
  } finally {
    interrupt.release();
  }
}

interface Following {
  readonly interrupt: AbortSignal;
  readonly directoryOf: (orgId: string, templateId: string) => string | undefined;
}

async function follow(
  host: Host,
  config: Config,
  stream: Stream,
  { interrupt, directoryOf }: Following,
): Promise<ExitCode> {
  const view = await showOutputs(host, stream.log, config.topics, directoryOf);
  host.say(
    `millrace: log ${shownPath(config.log.path, host.workingDir)}, events are taken at ${stream.address}`,
  );
  host.say(host.colors.dim("millrace: waiting for events; press Ctrl-C to end"));
  await Promise.race([untilAborted(interrupt), view.ended]);
  await stream.close();
  return interrupt.aborted ? exitCodes.interrupted : exitCodes.done;
}
