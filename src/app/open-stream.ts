import type { DirectoryCatalog } from "../catalog/catalog-directory.ts";
import { followCatalogDirectory, type FollowedCatalog } from "../catalog/follow-directory.ts";
import type { Config } from "../config/config.ts";
import type { HttpIntake } from "../http/http-intake.ts";
import type { Log } from "../stream/port.ts";
import { openHttp } from "./open-http.ts";
import { openLog } from "./open-log.ts";
import { Station } from "./station.ts";
import { topicKinds, topicSpec } from "./topic-spec.ts";
import type { WorkerNotice } from "./worker/worker-port.ts";

export interface StreamOptions {
  readonly config: Config;
  /** Directory of the catalog. */
  readonly catalog: string;
  /** `on` keeps console lines and stacks of every event. */
  readonly debug: "off" | "on";
  readonly http: "off" | "on";
  readonly onNotice: (notice: WorkerNotice) => void;
  /** The catalog was read: at the start, and after each change. */
  readonly onCatalog: (catalog: DirectoryCatalog) => void;
}

/** A stream processor at work in this process. */
export interface Stream {
  readonly log: Log;
  readonly station: Station;
  /** Where events are taken over HTTP. */
  readonly address: string | undefined;
  /** Takes nothing more in, commits what has begun, and ends everything; idempotent. */
  close(): Promise<void>;
}

/** Opens log, catalog, workers and HTTP, in this order. Rejects with what keeps one of them from working. */
export async function openStream(options: StreamOptions): Promise<Stream> {
  const { config, onNotice } = options;
  // What was opened last is closed first: nothing is taken in that could not be handled any more.
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  try {
    const onFault = ({ message }: Error): void => onNotice({ level: "warn", text: message });
    const log = await openLog(config.log, { missing: "make", onFault });
    closers.push(() => log.close());
    for (const kind of topicKinds) await log.ensureTopic(topicSpec(config.topics, kind));
    const { followed, station } = await openWork(options);
    closers.push(
      () => followed.close(),
      () => station.close(),
    );
    const http = options.http === "on" ? await listen(config, log, station, onFault) : undefined;
    if (http !== undefined) closers.push(() => http.close());
    let closing: Promise<void> | undefined;
    return { log, station, address: http?.address, close: () => (closing ??= closeAll()) };
  } catch (cause) {
    await closeAll();
    throw cause;
  }
}

async function openWork({
  config,
  catalog,
  debug,
  onNotice,
  onCatalog,
}: StreamOptions): Promise<{ readonly followed: FollowedCatalog; readonly station: Station }> {
  let station: Station | undefined;
  const followed = await followCatalogDirectory(catalog, config.limits, {
    onChange: (changed) => {
      station?.useCatalog(changed.orgs);
      onCatalog(changed);
    },
    onFault: (error) => {
      const why = error instanceof Error ? error.message : String(error);
      onNotice({ level: "error", text: `${why}; the catalog stays as it was` });
    },
  });
  try {
    onCatalog(followed.initial);
    station = await Station.open({ config, orgs: followed.initial.orgs, debug, onNotice });
    return { followed, station };
  } catch (cause) {
    await followed.close();
    throw cause;
  }
}

function listen(
  config: Config,
  log: Log,
  station: Station,
  onFault: (error: Error) => void,
): Promise<HttpIntake> {
  return openHttp(config, { log, onFault, ready: () => station.unready() });
}
