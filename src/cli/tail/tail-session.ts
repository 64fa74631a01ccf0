import { openLog } from "../../app/open-log.ts";
import { topicSpec, type TopicKind } from "../../app/topic-spec.ts";
import { MillraceError } from "../../model/error.ts";
import type { Log, LogReader, LogRecord, OffsetGap } from "../../stream/port.ts";
import { verbConfig, type ConfigFlags } from "../config-options.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { plural } from "../finding-text.ts";
import type { Host } from "../host.ts";
import { printableLine } from "../printable.ts";
import { ingestLine } from "./ingest-line.ts";
import { valueLine, withRecord } from "./record-line.ts";

/** What `tail` can follow, as a person names it. */
export type TailTopic = "events" | "dead-letters" | "ingest" | "debug";

/** The flags of `tail`. */
export interface TailFlags extends ConfigFlags {
  readonly from: "beginning" | "end";
  readonly count?: number | undefined;
  readonly withRecord?: true | undefined;
}

/** What one look brings at most, and how long it waits for something to come; being woken costs nothing. */
const fetchBounds = { maxRecords: 1_000, maxBytes: 4 * 2 ** 20, waitMs: 60_000 };

/** Follows a topic and gives the exit code. */
export async function tailSession(host: Host, what: TailTopic, flags: TailFlags): Promise<ExitCode> {
  const config = verbConfig(host, flags);
  const warn = (text: string): void => host.say(host.colors.yellow(`millrace: ${printableLine(text)}`));
  const log = await openLog(config.log, { missing: "refuse", onFault: ({ message }) => warn(message) });
  const interrupt = host.watchInterrupts("shown");
  try {
    const { name } = topicSpec(config.topics, kindOf(what));
    const reader = await openReader(log, name, config.log.path, flags.from);
    interrupt.signal.addEventListener("abort", () => void reader.close());
    host.say(`millrace: following ${name} in ${config.log.path}; Ctrl-C ends it`);
    const toLine = lineOf(what, flags);
    const state = await follow(reader, {
      most: flags.count ?? Number.POSITIVE_INFINITY,
      stop: interrupt.signal,
      onGap: (gap) => warn(gapText(gap)),
      write: (records) => host.stdout.write(records.map((record) => `${toLine(record)}\n`).join("")),
    });
    return state === "stopped" ? exitCodes.interrupted : exitCodes.done;
  } finally {
    interrupt.release();
    await log.close();
  }
}

async function openReader(
  log: Log,
  topic: string,
  path: string,
  from: TailFlags["from"],
): Promise<LogReader> {
  // Made here it would have this reader's number of partitions, and not that of whoever writes to it.
  if ((await log.describeTopic(topic)) === undefined) {
    throw new MillraceError(
      "INPUT",
      `the log ${path} has no topic ${topic} yet; it comes with the first to write to it`,
    );
  }
  return log.read({ topic, from });
}

interface FollowOptions {
  readonly most: number;
  readonly stop: AbortSignal;
  readonly onGap: (gap: OffsetGap) => void;
  readonly write: (records: readonly LogRecord[]) => Promise<"open" | "closed">;
}

/** `done`: as many as were wanted; `closed`: the reader of the output went away; `stopped`: a person wants no more. */
async function follow(reader: LogReader, options: FollowOptions): Promise<"done" | "closed" | "stopped"> {
  const { most, stop, onGap, write } = options;
  let left = most;
  while (left > 0) {
    if (stop.aborted) return "stopped";
    const maxRecords = Math.min(left, fetchBounds.maxRecords);
    const { records, gaps } = await reader.fetch({ ...fetchBounds, maxRecords });
    for (const gap of gaps) onGap(gap);
    if (records.length === 0) continue;
    left -= records.length;
    if ((await write(records)) === "closed") return "closed";
  }
  return "done";
}

function lineOf(what: TailTopic, { withRecord: isWithRecord }: TailFlags): (record: LogRecord) => string {
  const line = what === "ingest" ? ingestLine : ({ value }: LogRecord): string => valueLine(value);
  return isWithRecord ? (record) => withRecord(record, line(record)) : line;
}

function kindOf(what: TailTopic): TopicKind {
  return what === "dead-letters" ? "deadLetters" : what;
}

function gapText({ topic, partition, expectedOffset, resumedOffset }: OffsetGap): string {
  const gone = plural(resumedOffset - expectedOffset, "record");
  return `${topic}, partition ${partition}: ${gone} from offset ${expectedOffset} on are gone`;
}
