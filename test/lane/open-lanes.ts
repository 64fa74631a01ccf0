import { onTestFinished } from "vitest";
import { createMemoryBudget, type MemoryBounds, type MemoryBudget } from "../../src/lane/memory-budget.ts";
import { LaneGroup } from "../../src/lane/lane-group.ts";
import type { LaneListener, Slice } from "../../src/lane/port.ts";
import type {
  Log,
  LogRecord,
  OutgoingRecord,
  PartitionOwner,
  TopicPartition,
} from "../../src/stream/port.ts";
import { embeddedStore } from "../stream/embedded/embedded-store.ts";
import { drain, numbered, textOf, topicSpec } from "../contract/log-store.ts";
import type { LogStore } from "../contract/log-store.ts";

export const plentyOfMemory: MemoryBounds = { bytes: 2 ** 28, records: 2 ** 20 };

/** A slice of records on its way. */
export type TestSlice = Slice<LogRecord>;

export interface LaneOptions {
  readonly log: Log;
  readonly share?: { readonly index: number; readonly of: number };
  /** Records in a slice. */
  readonly sliceRecords?: number;
  readonly budget?: MemoryBudget;
  /** What a slice waits for before it has its outputs; a rejection is a platform fault. */
  readonly before?: (slice: TestSlice, from: TopicPartition) => Promise<void>;
}

/** Lanes that copy `in` to `out`, and what they told. */
export interface TestLanes {
  readonly lanes: LaneGroup<LogRecord, number>;
  readonly owned: PartitionOwner[];
  readonly faults: unknown[];
  readonly gaps: { expectedOffset: number; resumedOffset: number }[];
  /** First offsets of the slices that were committed, in the order of their commits. */
  readonly committed: { partition: number; offset: number }[];
}

export async function storeForTest(partitions = 2): Promise<{ readonly store: LogStore; readonly log: Log }> {
  const store = await embeddedStore();
  onTestFinished(() => store.remove());
  const log = await store.open();
  for (const name of ["in", "out"]) await log.ensureTopic(topicSpec(name, partitions));
  return { store, log };
}

export async function openLanes({
  log,
  share = { index: 0, of: 1 },
  sliceRecords = 10,
  budget = createMemoryBudget(plentyOfMemory),
  before = () => Promise.resolve(),
}: LaneOptions): Promise<TestLanes> {
  const told: Omit<TestLanes, "lanes"> = { owned: [], faults: [], gaps: [], committed: [] };
  const listener: LaneListener<number> = {
    onOwned: (owner) => told.owned.push(owner),
    onReleased: () => {},
    onFault: (_from, error) => told.faults.push(error),
    onGap: (gap) => told.gaps.push(gap),
    onCommitted: (offset, { from }) => told.committed.push({ partition: from.partition, offset }),
  };
  const lanes = await LaneGroup.open<LogRecord, number>({
    log,
    group: "copiers",
    topics: ["in"],
    share,
    budget,
    listener,
    work: {
      cut: (records) => cutRecords(records, sliceRecords),
      run: async (slice, from) => {
        await before(slice, from);
        return { outputs: slice.items.map(copyOf), report: slice.items[0]?.offset ?? -1, metadata: "" };
      },
    },
  });
  onTestFinished(() => lanes.close());
  return { lanes, ...told };
}

function cutRecords(records: readonly LogRecord[], size: number): TestSlice[] {
  const slices: TestSlice[] = [];
  for (let at = 0; at < records.length; at += size) {
    const items = records.slice(at, at + size);
    slices.push({ items, to: (items.at(-1)?.offset ?? -1) + 1 });
  }
  return slices;
}

function copyOf({ key, value, timestampMs }: LogRecord): OutgoingRecord {
  return { topic: "out", key, value: value === null ? null : Buffer.from(value), headers: [], timestampMs };
}

/** Appends `0`, `1`, … up to before `count` to each partition of `in`. */
export async function feed(log: Log, count: number, partitions = 2, first = 0): Promise<void> {
  for (let partition = 0; partition < partitions; partition += 1)
    await log.append(numbered("in", partition, first, count));
}

/** The texts of `out` by partition, once so many are there; a little longer is waited, so that one too many is seen. */
export async function outputs(log: Log, count: number, partitions = 2): Promise<string[][]> {
  const reader = await log.read({ topic: "out", from: "beginning" });
  const records = await drain(reader, count);
  records.push(...(await reader.fetch({ maxRecords: 1_000, maxBytes: 2 ** 24, waitMs: 100 })).records);
  await reader.close();
  return Array.from({ length: partitions }, (_none, partition) =>
    records.filter((record) => record.partition === partition).map(textOf),
  );
}

export const texts = (count: number): string[] => Array.from({ length: count }, (_none, n) => String(n));
