import { admit } from "../../intake/admit.ts";
import { createRecordReader } from "../../intake/log-record.ts";
import type { CatalogView } from "../../intake/resolve.ts";
import type { LaneWork, Slice } from "../../lane/port.ts";
import type { InputRecord } from "../../model/raw-event.ts";
import type { OutputWriter } from "../../outlet/output-records.ts";
import type { RejectedIdentity } from "../../outlet/rejection.ts";
import type { Admitted } from "../../pipeline/port.ts";
import type { ProcessSlice } from "../../pipeline/pipeline.ts";
import type { Sandbox } from "../../sandbox/port.ts";
import type { LogRecord, OutgoingRecord, TopicPartition } from "../../stream/port.ts";
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
  readonly outputs: OutputWriter;
  readonly debug: "off" | "on";
}

/** Ties intake, pipeline and outlet together for lanes. */
export function createSliceWork(options: SliceWorkOptions): LaneWork<Admitted, SliceReport> {
  const { sandbox, catalog, outputs, process, debug, sliceLimits, limits } = options;
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
      const admitted = records.map((record) => admit(read(inputOf(record)), view, { debug }));
      return cutAdmitted(admitted, sliceLimits, (item) =>
        item.kind === "runnable" ? sandbox.expectedEventMs(item.template) : 0,
      );
    },
    run: async ({ items }, from) => {
      const processed = await process(items, { lane: laneName(from) });
      const produced: OutgoingRecord[] = [];
      const outcomes = processed.map(({ outcome, console }, index) => {
        const item = items[index] as Admitted;
        return outputs.write({ record: item.record, identity: identityOf(item) }, outcome, console, produced);
      });
      const timestampsMs = items.map(({ record }) => record.timestampMs);
      return { outputs: produced, report: { counts: countOutcomes(outcomes), timestampsMs }, metadata: "" };
    },
  };
}

const nothing = new Uint8Array(0);

function inputOf({ value, ...record }: LogRecord): InputRecord {
  return { ...record, payload: value ?? nothing };
}

function identityOf(item: Admitted): RejectedIdentity {
  if (item.kind === "refused") return item;
  const { eventId, assetId, timeMs } = item.event;
  const { orgId, templateId, templateVersion } = item.template;
  return { eventId, orgId, assetId, templateId, templateVersion, timeMs };
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
