import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { openEmbeddedLog } from "../src/stream/embedded/embedded-log.ts";
import type { Log, OutgoingRecord, PartitionOwner } from "../src/stream/port.ts";
import { formatCount, type Suite } from "./suite.ts";

const batchRecords = 1_000;
const partitions = 8;
const bounds = { maxRecords: batchRecords, maxBytes: 4 * 2 ** 20, waitMs: 0 };

/** One kind of work with the log. The stall is the longest of the event loop that has the producers or lanes. */
interface LogFigure {
  readonly what: string;
  readonly perSecond: number;
  readonly threadCpuUs: number;
  readonly longestStallMs: number;
}

/**
 * How fast the embedded log is, and how long it keeps the thread of those who use it: batches of 1,000 records of 200
 * bytes with a key and two headers. The log's file is made in the directory for temporary files (`TMPDIR`), whose disk
 * decides what an fsync costs.
 */
export const logSuite: Suite = {
  events: 300_000,
  run: async ({ events }) => {
    const directory = mkdtempSync(join(tmpdir(), "millrace-bench-"));
    try {
      const fsyncMs = measureFsyncMs(directory);
      const figures = await measureAll(join(directory, "log.db"), Math.ceil(events / batchRecords));
      const lines = [`fsync of 4 KiB: ${fsyncMs.toFixed(2)} ms`, ...figures.map(lineOf)];
      return { lines, figures: { log: { fsyncMs, figures } } };
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
};

async function measureAll(path: string, batches: number): Promise<LogFigure[]> {
  const onFault = (error: Error): never => {
    throw error;
  };
  const log = await openEmbeddedLog({ path, onFault });
  try {
    const limits = { retentionMs: null, retentionBytes: null, maxRecordBytes: 2 ** 20 };
    for (const name of ["in", "out", "posts"]) await log.ensureTopic({ name, partitions, ...limits });
    // The first round warms up the compiler, and what it appends stays there for all.
    await appendBatches(log, 30);
    const alone = await measured("append, one batch at a time", batches * batchRecords, () =>
      appendBatches(log, batches),
    );
    const together = await measured("append, 8 producers of batches", batches * batchRecords, () =>
      inParallel(8, () => appendBatches(log, Math.floor(batches / 8))),
    );
    const single = await measured("append, 64 producers of one record", 20_000, () =>
      inParallel(64, () => posts(log, 312)),
    );
    const stored = await countAll(log);
    const read = await measured("read", stored, () => countAll(log));
    const consumed = await measured("fetch and commit, 8 lanes", stored, () => consume(log));
    return [alone, together, single, read, consumed];
  } finally {
    await log.close();
  }
}

async function measured(what: string, records: number, work: () => Promise<unknown>): Promise<LogFigure> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.threadCpuUsage();
  const start = performance.now();
  await work();
  const elapsedMs = performance.now() - start;
  const used = process.threadCpuUsage(cpu);
  delay.disable();
  return {
    what,
    perSecond: Math.round((records * 1_000) / elapsedMs),
    threadCpuUs: (used.user + used.system) / records,
    longestStallMs: delay.max / 1e6,
  };
}

function lineOf({ what, perSecond, threadCpuUs, longestStallMs }: LogFigure): string {
  const rate = `${formatCount(perSecond).padStart(9)} records/s`;
  const cost = `${threadCpuUs.toFixed(2).padStart(6)} µs of the caller's thread each`;
  return `  ${what.padEnd(36)}${rate}, ${cost}, longest stall ${longestStallMs.toFixed(1)} ms`;
}

async function appendBatches(target: Log, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await target.append(batchOf("in", i % partitions, batchRecords));
}

async function posts(target: Log, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await target.append(batchOf("posts", i % partitions, 1));
}

async function inParallel(count: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, work));
}

function batchOf(topic: string, partition: number, count: number): OutgoingRecord[] {
  const value = Buffer.alloc(200, "{");
  const headers = [
    ["org", Buffer.from("harbour")],
    ["asset", Buffer.from("truck-17")],
  ] as const;
  return Array.from({ length: count }, (_, index) => ({
    topic,
    partition,
    key: Buffer.from(`harbour/truck-${index}`),
    value,
    headers,
    timestampMs: 1_800_000_000_000,
  }));
}

async function countAll(source: Log): Promise<number> {
  const reader = await source.read({ topic: "in", from: "beginning" });
  let count = 0;
  for (;;) {
    const { records } = await reader.fetch(bounds);
    if (records.length === 0) break;
    count += records.length;
  }
  await reader.close();
  return count;
}

async function consume(source: Log): Promise<void> {
  const member = await source.join({
    group: "bench",
    topics: ["in"],
    share: { index: 0, of: 1 },
    onAssignment: () => undefined,
    onFault: () => undefined,
  });
  // The assignment ends what was owned before it.
  await new Promise(setImmediate);
  const owners = await Promise.all(
    Array.from({ length: partitions }, (_, partition) => member.own("in", partition)),
  );
  await Promise.all(owners.map(runLane));
  await member.close();
}

async function runLane(owner: PartitionOwner): Promise<void> {
  for (let from = owner.position; ;) {
    const { records } = await owner.fetch(bounds);
    const last = records.at(-1);
    if (last === undefined) return;
    const outputs = records.map(({ key, value, headers, timestampMs }) => ({
      topic: "out",
      key,
      value,
      headers,
      timestampMs,
    }));
    await owner.commit({ from, to: last.offset + 1, metadata: "", outputs });
    from = last.offset + 1;
  }
}

function measureFsyncMs(directory: string): number {
  const file = openSync(join(directory, "fsync"), "w");
  const bytes = Buffer.alloc(4_096);
  const start = performance.now();
  for (let i = 0; i < 50; i += 1) {
    writeSync(file, bytes);
    fsyncSync(file);
  }
  const elapsedMs = performance.now() - start;
  closeSync(file);
  return elapsedMs / 50;
}
