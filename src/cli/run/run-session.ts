import type { Engine } from "../../app/engine-port.ts";
import { openEngine } from "../../app/open-engine.ts";
import { openCatalogDirectory, type DirectoryCatalog } from "../../catalog/catalog-directory.ts";
import { MillraceError } from "../../model/error.ts";
import { parseTimestamp } from "../../model/timestamp.ts";
import type { Processed } from "../../pipeline/outcome.ts";
import { requiredCatalog, shownPath } from "../catalog-path.ts";
import { verbConfig, type ConfigFlags } from "../config-options.ts";
import { consoleText, indented, rejectionText } from "../event-report.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { plural } from "../finding-text.ts";
import type { Host } from "../host.ts";
import { duration, grouped } from "../numbers.ts";
import { countKind, countOutcome, kindsInWords, noCounts, type Counts } from "../outcome-counts.ts";
import { printableLine } from "../printable.ts";
import { openByteSource, readRawEvents, type ByteSource } from "./line-input.ts";
import { outcomeLines } from "./outcome-line.ts";
import { startProgressBar, type ProgressBar } from "./progress-bar.ts";

/** The flags of `run`. */
export interface RunFlags extends ConfigFlags {
  readonly input: string;
  readonly now?: string | undefined;
  readonly debug?: true | undefined;
  readonly failOnRejected?: true | undefined;
  readonly progress: "auto" | "never";
}

/** Sends the input through the catalog's templates and gives the exit code. */
export async function runSession(host: Host, flags: RunFlags): Promise<ExitCode> {
  const config = verbConfig(host, flags);
  const nowMs = flags.now === undefined ? Date.now() : readNow(flags.now);
  const source = await openByteSource(flags.input);
  const catalog = await openCatalogDirectory(requiredCatalog(config), config.limits);
  warnOfBroken(catalog, host);

  const interrupt = host.watchInterrupts("said");
  const engine = await openEngine(config, catalog.view, { debug: flags.debug ? "on" : "off" });
  const { lineBytes, payloadBytes } = config.limits;
  const job = createJob(host, flags, source, catalog);
  // What is said next must not stand in the middle of the bar.
  interrupt.signal.addEventListener("abort", () => job.bar?.stop());
  try {
    const state = await pump(engine, job, { nowMs, lineBytes, payloadBytes, interrupt: interrupt.signal });
    job.bar?.stop();
    if (state === "closed") return exitCodes.done;
  } finally {
    job.bar?.stop();
    await engine.close();
    interrupt.release();
  }
  host.say(summaryLine(job));
  if (interrupt.signal.aborted) return exitCodes.interrupted;
  return flags.failOnRejected && job.counts.rejected > 0 ? exitCodes.findings : exitCodes.done;
}

function readNow(text: string): number {
  const nowMs = parseTimestamp(text);
  if (nowMs === undefined) {
    throw new MillraceError(
      "USAGE",
      `--now ${JSON.stringify(text)} is not ISO 8601 with a zone, as in 2025-01-31T12:00:00Z`,
    );
  }
  return nowMs;
}

/** What a run keeps while it goes. */
interface Job {
  readonly host: Host;
  readonly source: ByteSource;
  readonly counts: Counts;
  readonly rejectedByType: Map<string, number>;
  readonly startedMs: number;
  readonly bar: ProgressBar | undefined;
  /** Shows what a person wants to know of one event; absent without `--debug`. */
  readonly show?: (processed: Processed) => void;
}

function createJob(host: Host, flags: RunFlags, source: ByteSource, catalog: DirectoryCatalog): Job {
  // A bar among the lines themselves, on one terminal, would only be in the way.
  const hasBar = flags.progress === "auto" && process.stderr.isTTY && !process.stdout.isTTY && !flags.debug;
  return {
    host,
    source,
    counts: noCounts(),
    rejectedByType: new Map(),
    startedMs: performance.now(),
    bar: hasBar ? startProgressBar(source.totalBytes) : undefined,
    ...(flags.debug && { show: debugReporter(host, catalog) }),
  };
}

interface PumpOptions {
  readonly nowMs: number;
  readonly lineBytes: number;
  readonly payloadBytes: number;
  readonly interrupt: AbortSignal;
}

/** Moves everything through the engine; `closed` where the reader of the output went away. */
async function pump(engine: Engine, job: Job, options: PumpOptions): Promise<"done" | "closed"> {
  const { host, source, bar } = job;
  // The input must end before the engine is left, or leaving waits for a line that may never come.
  const leaving = new AbortController();
  const stop = AbortSignal.any([options.interrupt, leaving.signal]);
  const { nowMs, ...limits } = options;
  const now = (): number => nowMs;
  const input = readRawEvents(source, { ...limits, now, stop, onBytes: (bytes) => bar?.addBytes(bytes) });
  try {
    for await (const group of engine.process(input)) {
      count(job, group);
      if (job.show !== undefined) for (const processed of group) job.show(processed);
      const state = await host.stdout.write(outcomeLines(group.map(({ outcome }) => outcome)));
      if (state === "closed") {
        leaving.abort();
        return "closed";
      }
      bar?.addEvents(group.length);
    }
    return (await host.stdout.flush()) === "closed" ? "closed" : "done";
  } catch (error) {
    leaving.abort();
    throw error;
  }
}

function count({ counts, rejectedByType }: Job, group: readonly Processed[]): void {
  for (const { outcome } of group) {
    countOutcome(counts, outcome);
    if (outcome.kind === "rejected") countKind(rejectedByType, outcome.rejection.type);
  }
}

function debugReporter(host: Host, catalog: DirectoryCatalog): (processed: Processed) => void {
  const directoryOf = (orgId: string, templateId: string): string | undefined =>
    catalog.orgs.get(orgId)?.templates.get(templateId)?.directory;
  return ({ outcome, console: lines = [] }) => {
    const text = consoleText(lines, host.colors);
    if (outcome.kind === "rejected") text.push(...rejectionText(outcome.rejection, directoryOf, host));
    if (text.length === 0) return;
    host.say([host.colors.bold(printableLine(eventIdOf(outcome))), ...indented(text, "  ")].join("\n"));
  };
}

function eventIdOf(outcome: Processed["outcome"]): string {
  switch (outcome.kind) {
    case "filtered":
      return outcome.eventId;
    case "rejected":
      return outcome.rejection.eventId;
    case "standard": {
      const [first] = outcome.values;
      return first === undefined
        ? ""
        : String((JSON.parse(Buffer.from(first).toString("utf8")) as { eventId: unknown }).eventId);
    }
  }
}

/** Says which templates cannot run: their events are rejected, and the run goes on. */
function warnOfBroken(catalog: DirectoryCatalog, host: Host): void {
  for (const { severity, message, file, line } of catalog.findings) {
    if (severity !== "error") continue;
    const place =
      file === undefined
        ? ""
        : `${shownPath(file, host.workingDir)}${line === undefined ? "" : `:${line}`}: `;
    host.say(host.colors.yellow(`millrace: ${printableLine(place + message)}`));
  }
}

function summaryLine({ counts, rejectedByType, startedMs }: Job): string {
  const { raw, standard, events, filtered, rejected } = counts;
  const types = kindsInWords(rejectedByType);
  const several = events === standard ? "" : ` (${plural(events, "event")})`;
  return (
    `millrace: ${plural(raw, "raw event")}: ${grouped(standard)} standard${several}, ${grouped(filtered)} filtered, ` +
    `${grouped(rejected)} rejected${types === "" ? "" : ` (${types})`}, in ${duration(performance.now() - startedMs)}`
  );
}
