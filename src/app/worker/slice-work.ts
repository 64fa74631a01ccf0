import { admit } from "../../intake/admit.ts";
import { createInputRecord } from "../../intake/input-record.ts";
import { createRecordReader } from "../../intake/log-record.ts";
import type { CatalogView } from "../../intake/resolve.ts";
import type { LaneWork, Slice } from "../../lane/port.ts";
import type { WriteDebug } from "../../outlet/debug-record.ts";
import type { WriteOutput } from "../../outlet/output-records.ts";
import { identityOf } from "../../pipeline/identity-of.ts";
import type { Admitted } from "../../pipeline/port.ts";
import type { ProcessSlice } from "../../pipeline/pipeline.ts";
import type { Sandbox } from "../../sandbox/port.ts";
import type { OutgoingRecord, TopicPartition } from "../../stream/port.ts";
import { countOutcomes, type OutcomeCounts } from "./outcome-counts.ts";

/** What one slice may hold. */
export interface SliceLimits {
  readonly records: number;
  readonly bytes: number;
  /** Expected CPU time of its events, milliseconds: it bounds how long others wait for a commit, and a redo. */
  readonly cpuMs: number;
}

/** What is known of a slice once it is committed. */
export interface SliceReport {
  readonly counts: OutcomeCounts;
  /** When its records were appended, epoch milliseconds. */
  readonly timestampsMs: readonly number[];
}

export interface SliceWorkOptions {
  readonly sandbox: Pick<Sandbox, "expectedEventMs">;
  readonly process: ProcessSlice;
  readonly catalog: () => CatalogView;
  /** Tells a topic from an earlier one of its name; part of derived event ids. */
  readonly topicIdOf: (topic: string) => string;
  readonly limits: { readonly payloadBytes: number };
  readonly sliceLimits: SliceLimits;
  readonly writeOutput: WriteOutput;
  readonly writeDebug: WriteDebug;
  readonly debug: "off" | "on";
}

/** Ties intake, pipeline and outlet together for lanes. */
export function createSliceWork(options: SliceWorkOptions): LaneWork<Admitted, SliceReport> {
  const { sandbox, catalog, writeOutput, writeDebug, process, debug, sliceLimits, limits } = options;
  const readers = new Map<string, ReturnType<typeof createRecordReader>>();
  const readerOf = (topic: string): ReturnType<typeof createRecordReader> => {
    let reader = readers.get(topic);
    if (reader === undefined) {
      reader = createRecordReader({ topicId: options.topicIdOf(topic), limits });
      readers.set(topic, reader);
    }
    return reader;
  };
  return {
    cut: (records, { topic }) => {
      const view = catalog();
      const read = readerOf(topic);
      const admitted = records.map((record) => admit(read(createInputRecord(record)), view, { debug }));
      return cutAdmitted(admitted, sliceLimits, (item) =>
        item.kind === "runnable" ? sandbox.expectedEventMs(item.template) : 0,
      );
    },
    run: async ({ items }, from) => {
      const processed = await process(items, { lane: laneName(from) });
      const outputs: OutgoingRecord[] = [];
      const outcomes = processed.map(({ outcome, console = [] }, index) => {
        const item = items[index] as Admitted;
        const { record } = item;
        const identity = identityOf(item);
        const written = writeOutput({ record, identity, outcome });
        outputs.push(...written.records);
        const debugged = console.length === 0 ? undefined : writeDebug({ record, identity, console });
        if (debugged !== undefined) outputs.push(debugged);
        const { rejection } = written;
        return rejection === undefined ? outcome : ({ kind: "rejected", rejection } as const);
      });
      const timestampsMs = items.map(({ record }) => record.timestampMs);
      return { outputs, report: { counts: countOutcomes(outcomes), timestampsMs }, metadata: "" };
    },
  };
}

function laneName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function* cutAdmitted(
  items: readonly Admitted[],
  limits: SliceLimits,
  costMs: (item: Admitted) => number,
): Generator<Slice<Admitted>> {
  let slice: Admitted[] = [];
  let [bytes, cpuMs] = [0, 0];
  for (const item of items) {
    const [itemBytes, itemMs] = [item.record.payload.byteLength, costMs(item)];
    const isFull =
      slice.length >= limits.records || bytes + itemBytes > limits.bytes || cpuMs + itemMs > limits.cpuMs;
    if (slice.length > 0 && isFull) {
      yield sliceOf(slice);
      slice = [];
      [bytes, cpuMs] = [0, 0];
    }
    slice.push(item);
    bytes += itemBytes;
    cpuMs += itemMs;
  }
  if (slice.length > 0) yield sliceOf(slice);
}

function sliceOf(items: readonly Admitted[]): Slice<Admitted> {
  return { items, to: (items.at(-1) as Admitted).record.offset + 1 };
}
