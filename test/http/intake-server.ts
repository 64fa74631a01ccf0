import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { openHttpIntake, type HttpIntake, type HttpIntakeOptions } from "../../src/http/http-intake.ts";
import type { MillraceError } from "../../src/model/error.ts";
import type { Log, LogRecord } from "../../src/stream/port.ts";
import { logPath, openLog } from "../stream/embedded/embedded-store.ts";

export const topic = "ingest";

/** What a test may want otherwise. */
export interface IntakeOptions extends Partial<Omit<HttpIntakeOptions, "limits">> {
  readonly limits?: Partial<HttpIntakeOptions["limits"]>;
  readonly maxRecordBytes?: number;
}

export interface OpenIntake {
  readonly url: string;
  readonly port: number;
  readonly intake: HttpIntake;
  readonly log: Log;
  /** The log's file. */
  readonly path: string;
  readonly faults: readonly MillraceError[];
}

/** A server on a port of its own over a log in a file of its own; both end with the test. */
export async function openIntake(options: IntakeOptions = {}): Promise<OpenIntake> {
  const { limits, maxRecordBytes = 4_000_000, ...rest } = options;
  const path = await logPath();
  const log = await openLog(path);
  await log.ensureTopic({
    name: topic,
    partitions: 4,
    retentionMs: null,
    retentionBytes: null,
    maxRecordBytes,
  });
  const faults: MillraceError[] = [];
  const intake = await openHttpIntake({
    log,
    ingestTopic: topic,
    listen: { host: "127.0.0.1", port: 0 },
    token: undefined,
    ready: () => [],
    onFault: (error) => void faults.push(error),
    ...rest,
    limits: {
      bodyBytes: 1_000_000,
      bodyEvents: 1_000,
      waitingBytes: 10_000_000,
      requestTimeoutMs: 10_000,
      payloadBytes: 100_000,
      lineBytes: 200_000,
      ...limits,
    },
  });
  onTestFinished(() => intake.close());
  return { url: intake.address, port: Number(new URL(intake.address).port), intake, log, path, faults };
}

/** An answer as these tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function send(url: string, init: RequestInit & { duplex?: "half" } = {}): Promise<Answer> {
  const response = await fetch(url, { method: "POST", ...init });
  const text = await response.text();
  const body = text === "" ? {} : (JSON.parse(text) as Answer["body"]);
  return { status: response.status, headers: response.headers, body };
}

export function sendLines(url: string, lines: string, type = "application/x-ndjson"): Promise<Answer> {
  return send(`${url}/v1/events`, { body: lines, headers: { "content-type": type } });
}

/** A connection of which every byte is the test's. */
export function openSocket(port: number): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  const answer = new Promise<string>((resolve) => {
    socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
  onTestFinished(() => void socket.destroy());
  return { socket, answer };
}

/** Everything in the ingest topic of a log that is opened anew, so that it is what the disk has. */
export async function durableRecords(path: string): Promise<readonly LogRecord[]> {
  const log = await openLog(path);
  const reader = await log.read({ topic, from: "beginning" });
  const all: LogRecord[] = [];
  for (;;) {
    const { records } = await reader.fetch({ maxRecords: 100_000, maxBytes: 1e9, waitMs: 0 });
    if (records.length === 0) return all;
    all.push(...records);
  }
}

/** A record's headers as text. */
export function headerTexts({ headers }: LogRecord): readonly (readonly [string, string])[] {
  return headers.map(([name, value]) => [name, Buffer.from(value).toString("utf8")]);
}
