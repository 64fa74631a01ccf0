import type { Rejection, StandardEvent } from "../../src/model/contract.ts";
import type { Log, LogRecord, PartitionLag } from "../../src/stream/port.ts";

const topics = { ingest: "millrace.ingest", events: "millrace.events", deadLetters: "millrace.dead-letters" };
const fetchBounds = { maxRecords: 10_000, maxBytes: 16 * 2 ** 20, waitMs: 0 };

/** Where a record stands; in its topic no other one stands there. */
export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** A record of the ingest topic. */
export interface Input extends Place {
  readonly key: string;
  readonly eventId: string;
  /**
   * What its header `expect` says must become of it: `standard`, `many N` for an array of N events, `filtered`, or
   * `rejected TYPE`. Without one anything that leaves a trace is right.
   */
  readonly expected: string | undefined;
  readonly payload: string;
}

/** A record of the events topic. */
export interface EventOutput extends Place {
  readonly key: string;
  readonly event: StandardEvent;
}

/** A record of the dead letters topic. */
export interface RejectionOutput extends Place {
  readonly key: string;
  readonly rejection: Rejection;
}

/** All that there is to judge, each topic in the order of partitions and offsets. */
export interface Stream {
  readonly inputs: readonly Input[];
  readonly events: readonly EventOutput[];
  readonly rejections: readonly RejectionOutput[];
  readonly lags: readonly PartitionLag[];
  /** How many each topic has. */
  readonly partitions: Readonly<Record<keyof typeof topics, number>>;
}

/** Reads all of the log's default topics, and how far the group has come. */
export async function readStream(log: Log, group: string): Promise<Stream> {
  const ingest = await log.describeTopic(topics.ingest);
  const count = async (topic: string): Promise<number> => (await log.offsets(topic)).length;
  const inputs = await readTopic(log, topics.ingest);
  const events = await readTopic(log, topics.events);
  const rejections = await readTopic(log, topics.deadLetters);
  return {
    inputs: inputs.map((record) => inputOf(record, ingest?.topicId ?? "")),
    events: events.map((record) => ({ ...placeOf(record), event: parse(record) as StandardEvent })),
    rejections: rejections.map((record) => ({ ...placeOf(record), rejection: parse(record) as Rejection })),
    lags: await log.lag(group, topics.ingest),
    partitions: {
      ingest: await count(topics.ingest),
      events: await count(topics.events),
      deadLetters: await count(topics.deadLetters),
    },
  };
}

async function readTopic(log: Log, topic: string): Promise<LogRecord[]> {
  const reader = await log.read({ topic, from: "beginning" });
  const all: LogRecord[] = [];
  for (;;) {
    const { records, gaps } = await reader.fetch(fetchBounds);
    for (const { partition, expectedOffset, resumedOffset } of gaps) {
      throw new Error(`${topic}/${partition} has nothing from ${expectedOffset} to ${resumedOffset}`);
    }
    if (records.length === 0) break;
    for (const record of records) all.push(record);
  }
  await reader.close();
  return all.sort((one, other) => one.partition - other.partition || one.offset - other.offset);
}

function inputOf(record: LogRecord, topicId: string): Input {
  const { topic, partition, offset } = record;
  return {
    ...placeOf(record),
    eventId: headerOf(record, "event-id") ?? `${topic}.${topicId}.${partition}.${offset}`,
    expected: headerOf(record, "expect"),
    payload: Buffer.from(record.value ?? []).toString("base64"),
  };
}

function placeOf({ partition, offset, key }: LogRecord): Place & { readonly key: string } {
  return { partition, offset, key: Buffer.from(key ?? []).toString("utf8") };
}

function headerOf({ headers }: LogRecord, wanted: string): string | undefined {
  const value = headers.findLast(([name]) => name === wanted)?.[1];
  return value === undefined ? undefined : Buffer.from(value).toString("utf8");
}

function parse({ value }: LogRecord): unknown {
  return JSON.parse(Buffer.from(value ?? []).toString("utf8"));
}
