import { openLog } from "../../app/open-log.ts";
import { topicSpec } from "../../app/topic-spec.ts";
import { noEventId } from "../../intake/event-record.ts";
import { verbConfig, type ConfigFlags } from "../config-options.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { plural } from "../finding-text.ts";
import type { Host } from "../host.ts";
import { duration, grouped } from "../numbers.ts";
import { printableLine } from "../printable.ts";
import { openByteSource, readRawEvents } from "../run/line-input.ts";
import { startProgressBar, type ProgressBar } from "../run/progress-bar.ts";
import { openAppender, type Appended } from "./appender.ts";
import { createRefusedLines, type RefusedLines } from "./refused-lines.ts";

/** The flags of `produce`. */
export interface ProduceFlags extends ConfigFlags {
  readonly input: string;
  readonly progress: "auto" | "never";
}

/** What a session keeps while it goes. */
interface Job {
  readonly host: Host;
  readonly topic: string;
  readonly startedMs: number;
  readonly bar: ProgressBar | undefined;
  readonly refused: RefusedLines;
  durable: Appended;
}

/** Appends the input to the log and gives the exit code. */
export async function produceSession(host: Host, flags: ProduceFlags): Promise<ExitCode> {
  const config = verbConfig(host, flags);
  const source = await openByteSource(flags.input);
  const warn = (error: Error): void =>
    host.say(host.colors.yellow(`millrace: ${printableLine(error.message)}`));
  const log = await openLog(config.log, { missing: "make", onFault: warn });
  const interrupt = host.watchInterrupts("said");
  const job = createJob(host, flags, config.topics.ingest, source.totalBytes);
  interrupt.signal.addEventListener("abort", () => job.bar?.stop());
  const { lineBytes, payloadBytes } = config.limits;
  try {
    await log.ensureTopic(topicSpec(config.topics, "ingest"));
    const lines = readRawEvents(source, {
      now: Date.now,
      lineBytes,
      payloadBytes,
      defaultEventId: noEventId,
      stop: interrupt.signal,
      onBytes: (bytes) => job.bar?.addBytes(bytes),
    });
    const appender = openAppender(log, job.topic, (done) => onDurable(job, done));
    for await (const group of lines) await appender.append(job.refused.leaveOut(group));
    await appender.flush();
  } catch (error) {
    job.bar?.stop();
    // What follows is the error's own line; whoever mends its cause wants to know where to go on.
    host.say(`${summary(job)}; ${whereToGoOn(job)}`);
    throw error;
  } finally {
    job.bar?.stop();
    interrupt.release();
    await log.close();
  }
  host.say(interrupt.signal.aborted ? `${summary(job)}; ${whereToGoOn(job)}` : summary(job));
  if (interrupt.signal.aborted) return exitCodes.interrupted;
  return job.refused.count() > 0 ? exitCodes.findings : exitCodes.done;
}

function createJob(host: Host, flags: ProduceFlags, topic: string, totalBytes: number | undefined): Job {
  const hasBar = flags.progress === "auto" && process.stderr.isTTY;
  return {
    host,
    topic,
    startedMs: performance.now(),
    bar: hasBar ? startProgressBar(totalBytes) : undefined,
    refused: createRefusedLines(host),
    durable: { events: 0, throughLine: 0 },
  };
}

function onDurable(job: Job, { events, throughLine }: Appended): void {
  job.durable = { events: job.durable.events + events, throughLine };
  job.bar?.addEvents(events);
}

function summary({ topic, durable, refused, startedMs }: Job): string {
  const { events } = durable;
  const count = refused.count();
  const left = count === 0 ? "" : `, ${plural(count, "line")} refused`;
  const time = duration(performance.now() - startedMs);
  return `millrace: ${plural(events, "event")} ${events === 1 ? "is" : "are"} durable in ${topic}${left}, in ${time}`;
}

function whereToGoOn({ durable }: Job): string {
  return durable.throughLine === 0
    ? "no line of the input is done"
    : `the input is done through line ${grouped(durable.throughLine)}`;
}
