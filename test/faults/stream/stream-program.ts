import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { openEmbeddedLog } from "../../../src/stream/embedded/embedded-log.ts";
import { directoryWith, startMillrace } from "../../cli/spawn-millrace.ts";
import { until } from "../../sandbox/executor-pids.ts";
import { faultCatalog } from "./fault-catalog.ts";

/** Where a stream of a test lives; all of it goes with the test. */
export interface StreamPlace {
  readonly directory: string;
  readonly config: string;
  readonly catalog: string;
  readonly log: string;
  readonly port: number;
}

/** A catalog, a configuration and a port. The log lies in `logIn`, which may begin with `catalog`, or beside them. */
export async function streamPlace(logIn = "."): Promise<StreamPlace> {
  const catalogFiles = Object.entries(faultCatalog).map(([path, text]) => [`catalog/${path}`, text]);
  const directory = directoryWith(Object.fromEntries(catalogFiles) as Record<string, string>);
  const [config, catalog] = [join(directory, "millrace.json"), join(directory, "catalog")];
  const log = join(resolve(directory, logIn), "log.db");
  const port = await freePort();
  const settings = {
    catalog: `dir:${catalog}`,
    log: `sqlite:${log}`,
    http: { listen: `127.0.0.1:${port}` },
    topics: { partitions: 4 },
    workers: 2,
  };
  writeFileSync(config, JSON.stringify(settings));
  return { directory, config, catalog, log, port };
}

/** A stream processor that runs as a process of its own. */
export interface StreamProgram {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves once it takes events. */
  listening(): Promise<void>;
  /** Ends it as a power failure would. */
  kill(): Promise<void>;
  /** Asks it to end, and gives its exit code. */
  terminate(): Promise<number | null>;
  /** Its exit code, once it has ended by itself. */
  readonly ended: Promise<number | null>;
}

export function startStream(
  place: StreamPlace,
  verb: "serve" | "dev" = "serve",
  environment: Readonly<Record<string, string>> = {},
): StreamProgram {
  const child = startMillrace([verb, "--config", place.config], { environment });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    child,
    pid: child.pid as number,
    stdout,
    stderr,
    ended,
    listening: () =>
      until(
        `a stream takes events (${verb})`,
        () => {
          if (child.exitCode !== null) throw new Error(`it has ended: ${stderr()}`);
          return stderr().includes("events are taken at");
        },
        60_000,
      ),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    terminate: async () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Waits until the workers have committed all that is in the ingest topic. */
export async function drained(path: string, limitMs = 60_000): Promise<void> {
  const log = await openEmbeddedLog({ path, onFault: () => undefined });
  try {
    const isThrough = async (): Promise<boolean> =>
      (await log.lag("millrace", "millrace.ingest")).every(({ lagRecords }) => lagRecords === 0);
    await until("all events are committed", isThrough, limitMs);
  } finally {
    await log.close();
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = "";
  stream?.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
  return () => text;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
