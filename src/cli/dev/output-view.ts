import type { Config } from "../../config/config.ts";
import type { Rejection } from "../../model/contract.ts";
import type { ConsoleLine } from "../../model/script-fault.ts";
import type { Log, LogReader, LogRecord } from "../../stream/port.ts";
import { consoleText, indented, rejectionText, type SourceDirectory } from "../event-report.ts";
import type { Host } from "../host.ts";
import { printableLine } from "../printable.ts";
import { valueLine } from "../tail/record-line.ts";

/** What one look brings at most, and how long it waits; being woken costs nothing. */
const fetchBounds = { maxRecords: 500, maxBytes: 4 * 2 ** 20, waitMs: 60_000 };

/** What a record of the debug topic holds, as far as it is shown. */
interface DebugValue {
  readonly eventId: string;
  readonly assetId: string;
  readonly lines: readonly ConsoleLine[];
}

export interface OutputView {
  /** Resolves when nobody reads the standard output any more, or when the log was closed. */
  readonly ended: Promise<void>;
}

/**
 * Follows what comes out of the stream from now on: standard events are data, one line each; rejections and console
 * lines are words, with the failing line of the script.
 */
export async function showOutputs(
  host: Host,
  log: Log,
  topics: Config["topics"],
  directoryOf: SourceDirectory,
): Promise<OutputView> {
  const open = (topic: string): Promise<LogReader> => log.read({ topic, from: "end" });
  const [events, deadLetters, debug] = await Promise.all([
    open(topics.events),
    open(topics.deadLetters),
    open(topics.debug),
  ]);
  const write = (records: readonly LogRecord[]): Promise<"open" | "closed"> =>
    host.stdout.write(records.map(({ value }) => `${valueLine(value)}\n`).join(""));
  const saying =
    (words: (record: LogRecord) => readonly string[]) =>
    (records: readonly LogRecord[]): Promise<"open"> => {
      for (const record of records) host.say(words(record).join("\n"));
      return Promise.resolve("open");
    };
  return {
    ended: Promise.race([
      follow(events, write),
      follow(
        deadLetters,
        saying((record) => rejectionWords(host, record, directoryOf)),
      ),
      follow(
        debug,
        saying((record) => consoleWords(host, record)),
      ),
    ]),
  };
}

/** Until the reader is closed, as it is with its log, or what it hands on is wanted no more. */
async function follow(
  reader: LogReader,
  show: (records: readonly LogRecord[]) => Promise<"open" | "closed">,
): Promise<void> {
  for (;;) {
    let records: readonly LogRecord[];
    try {
      ({ records } = await reader.fetch(fetchBounds));
    } catch {
      return;
    }
    if (records.length > 0 && (await show(records)) === "closed") return;
  }
}

function rejectionWords(host: Host, { value }: LogRecord, directoryOf: SourceDirectory): string[] {
  const rejection = parse(value) as Rejection;
  const { eventId, assetId } = rejection;
  const title = host.colors.bold(printableLine(assetId === null ? eventId : `${assetId}  ${eventId}`));
  return [title, ...indented(rejectionText(rejection, directoryOf, host), "  ")];
}

function consoleWords(host: Host, { value }: LogRecord): string[] {
  const { eventId, assetId, lines } = parse(value) as DebugValue;
  const title = host.colors.bold(printableLine(`${assetId}  ${eventId}`));
  return [title, ...indented(consoleText(lines, host.colors), "  ")];
}

function parse(value: Uint8Array | null): unknown {
  return JSON.parse(Buffer.from(value ?? []).toString("utf8"));
}
