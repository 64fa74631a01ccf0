import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openLog } from "../../src/app/open-log.ts";
import { Station, workerGroup } from "../../src/app/station.ts";
import { topicKinds, topicSpec } from "../../src/app/topic-spec.ts";
import type { CatalogOrgs } from "../../src/catalog/catalog-view.ts";
import type { Config } from "../../src/config/config.ts";
import type { Log, OutgoingRecord } from "../../src/stream/port.ts";
import { openPassThrough } from "./pass-through.ts";
import { threadsOf, type Thread } from "./thread-cpu.ts";

/** One way from the ingest topic to the events topic, at work over a log of its own. */
export interface Side {
  readonly config: Config;
  readonly log: Log;
  /** Its threads and those of its executors, each with the name of its part. */
  threads(): Promise<ReadonlyMap<Thread, string>>;
  /** Resident memory of its executors, bytes. */
  executorBytes(): Promise<number>;
  close(): Promise<void>;
}

/** What a side consumes with; the log is open and its topics are there. */
interface Consumer {
  executorPids(): Promise<readonly number[]>;
  executorBytes(): Promise<number>;
  close(): Promise<void>;
}

/** The whole of Millrace, with one worker. */
export function openStationSide(config: Config, orgs: CatalogOrgs): Promise<Side> {
  return openSide(config, async (own) => {
    const onNotice = ({ text }: { text: string }): never => {
      throw new Error(text);
    };
    const station = await Station.open({ config: own, orgs, debug: "off", onNotice });
    const executors = async (): Promise<{ pid: number | null; residentBytes: number }[]> =>
      (await station.stats()).flatMap(({ sandbox }) => [...sandbox.executors]);
    return {
      executorPids: async () => (await executors()).flatMap(({ pid }) => (pid === null ? [] : [pid])),
      executorBytes: async () =>
        (await executors()).reduce((sum, { residentBytes }) => sum + residentBytes, 0),
      close: () => station.close(),
    };
  });
}

/** The same lanes, whose work copies each record. */
export function openPassThroughSide(config: Config): Promise<Side> {
  return openSide(config, async (own) => {
    const lanes = await openPassThrough(own);
    return {
      executorPids: () => Promise.resolve([]),
      executorBytes: () => Promise.resolve(0),
      close: () => lanes.close(),
    };
  });
}

async function openSide(config: Config, start: (config: Config) => Promise<Consumer>): Promise<Side> {
  const directory = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const own: Config = { ...config, workers: 1, log: { scheme: "sqlite", path: join(directory, "log.db") } };
  const onFault = (error: Error): never => {
    throw error;
  };
  const log = await openLog(own.log, { missing: "make", onFault });
  for (const kind of topicKinds) await log.ensureTopic(topicSpec(own.topics, kind));
  const others = new Set(threadsOf(process.pid).map(({ tid }) => tid));
  const consumer = await start(own);
  // Its log's writer starts with the first partition that is owned.
  await wait(200);
  const here = threadsOf(process.pid).filter(({ tid }) => !others.has(tid));
  return {
    config: own,
    log,
    threads: async () => {
      const there = (await consumer.executorPids()).flatMap(executorThreads);
      return new Map([...here.map((thread) => [thread, partOf(thread)] as const), ...there]);
    },
    executorBytes: () => consumer.executorBytes(),
    close: async () => {
      await consumer.close();
      await log.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function partOf({ name }: Thread): string {
  return name === "millrace-log" ? "log writer" : "worker";
}

function executorThreads(pid: number): (readonly [Thread, string])[] {
  return threadsOf(pid).map((thread) => [thread, executorPart(thread)]);
}

function executorPart({ pid, tid, name }: Thread): string {
  if (pid === tid) return "executor";
  return name === "millrace-finish" ? "executor finisher" : "executor helpers";
}

/** Records that are committed, and those that are not. */
export async function progressOf({ log, config }: Side): Promise<{ readonly lag: number }> {
  const lags = await log.lag(workerGroup, config.topics.ingest);
  return { lag: lags.reduce((sum, { lagRecords }) => sum + lagRecords, 0) };
}

/** Waits until all is committed. */
export async function drained(side: Side): Promise<void> {
  while ((await progressOf(side)).lag > 0) await wait(5);
}

/** Appends records in groups and waits until they are through: what runs after it is compiled. */
export async function warmUp(side: Side, records: readonly OutgoingRecord[]): Promise<void> {
  await side.log.append(records);
  await drained(side);
}
