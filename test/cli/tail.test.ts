import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { OutgoingRecord } from "../../src/stream/port.ts";
import { openLog } from "../stream/embedded/embedded-store.ts";
import { line } from "./small-catalog.ts";
import { directoryWith, finished, millrace, startMillrace, type Finished } from "./spawn-millrace.ts";

const timestampMs = Date.parse("2025-03-01T08:15:00Z");

/** A directory whose log has the topics, and a way to append to one. */
async function directoryWithLog() {
  const cwd = directoryWith();
  const log = await openLog(join(cwd, "data", "millrace.db"));
  const topics = ["millrace.ingest", "millrace.events", "millrace.dead-letters", "millrace.debug"];
  for (const name of topics) {
    await log.ensureTopic({
      name,
      partitions: 2,
      retentionMs: null,
      retentionBytes: null,
      maxRecordBytes: 1e6,
    });
  }
  const append = (topic: string, ...values: (string | Uint8Array | Partial<OutgoingRecord> | null)[]) =>
    log.append(
      values.map((value) => {
        const isRecord = value !== null && typeof value === "object" && !(value instanceof Uint8Array);
        const record = isRecord ? value : { value: value === null ? null : Buffer.from(value) };
        return { topic, key: Buffer.from("acme/a1"), value: null, headers: [], timestampMs, ...record };
      }),
    );
  return { cwd, log, append };
}

/** Starts to follow, and comes back once it does. */
async function startTail(cwd: string, ...args: string[]) {
  const child = startMillrace(["tail", ...args], { cwd });
  onTestFinished(() => void child.kill("SIGKILL"));
  const end = finished(child);
  await once(child.stderr!, "data");
  return { child, end };
}

function linesOf({ stdout }: Finished): readonly string[] {
  return stdout.split("\n").slice(0, -1);
}

test("from the end: what comes from now on, byte by byte, a line each, until --count", async () => {
  const { cwd, append } = await directoryWithLog();
  await append("millrace.events", '{"n":0}');
  const { end } = await startTail(cwd, "events", "--count", "3");
  await append("millrace.events", '{"n": 1,"big":12345678901234567890}', '{"n":2}');
  await append("millrace.events", '{"n":3}', '{"n":4}');
  const result = await end;
  expect(result.code).toBe(0);
  expect(linesOf(result)).toEqual(['{"n": 1,"big":12345678901234567890}', '{"n":2}', '{"n":3}']);
  expect(result.stderr).toMatch(/^millrace: following millrace\.events in .*millrace\.db; Ctrl-C ends it\n$/);
});

test.each([
  ["events", "millrace.events"],
  ["dead-letters", "millrace.dead-letters"],
  ["debug", "millrace.debug"],
])("%s from the beginning", async (what, topic) => {
  const { cwd, append } = await directoryWithLog();
  await append(topic, `{"topic":"${topic}"}`);
  const result = await millrace(["tail", what, "--from", "beginning", "--count", "1"], { cwd });
  expect([result.code, result.stdout]).toEqual([0, `{"topic":"${topic}"}\n`]);
});

test("what is no line of JSON becomes one", async () => {
  const { cwd, append } = await directoryWithLog();
  await append("millrace.events", '{\n"n": 1\n}', "some\ntext", Buffer.from([0xff, 0x00]), null);
  const result = await millrace(["tail", "events", "--from", "beginning", "--count", "4"], { cwd });
  expect(linesOf(result)).toEqual(['{"n":1}', '"some\\ntext"', '{"base64":"/wA="}', "null"]);
});

test("--with-record shows where a record stands and what is around its value", async () => {
  const { cwd, append } = await directoryWithLog();
  const headers: OutgoingRecord["headers"] = [
    ["org", Buffer.from("acme")],
    ["org", Buffer.from("ü")],
  ];
  await append("millrace.events", { value: Buffer.from('{"n":1}'), headers, partition: 1 });
  const result = await millrace(["tail", "events", "--from", "beginning", "--count", "1", "--with-record"], {
    cwd,
  });
  expect(JSON.parse(result.stdout)).toEqual({
    topic: "millrace.events",
    partition: 1,
    offset: 0,
    timestamp: "2025-03-01T08:15:00.000Z",
    key: "acme/a1",
    headers: [
      ["org", "acme"],
      ["org", "ü"],
    ],
    value: { n: 1 },
  });
});

describe("ingest", () => {
  const events = [
    { orgId: "acme", assetId: "a1", time: "2025-03-01T08:00:00.000Z", payloadBase64: "AP8=" },
    {
      orgId: "acme",
      assetId: "a1",
      eventId: "e",
      time: "2025-03-01T08:00:00.001Z",
      contentType: "text/plain",
      payload: "hé\n",
    },
    {
      orgId: "acme",
      assetId: "a1",
      templateId: "t",
      time: "2025-03-01T08:00:00.002Z",
      contentType: "application/json",
      payload: { b: 1, a: [null] },
    },
    {
      orgId: "acme",
      assetId: "a1",
      time: "2025-03-01T08:00:00.003Z",
      contentType: "application/json",
      payloadBase64: "eyJhIjogMX0=",
    },
    {
      orgId: "acme",
      assetId: "a1",
      time: "2025-03-01T08:00:00.004Z",
      payloadBase64: "",
      headers: { x: "y" },
      attributes: { fPort: 2 },
    },
  ];

  test("is shown as lines that produce takes again, with no byte of a payload changed", async () => {
    const { cwd } = await directoryWithLog();
    const input = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    expect((await millrace(["produce", "--input", "-"], { cwd, input })).code).toBe(0);
    const tail = ["tail", "ingest", "--from", "beginning", "--count", "5"];
    const { stdout } = await millrace(tail, { cwd });
    expect(stdout).toBe(input);
    expect((await millrace(["produce", "--input", "-", "--log", "b.db"], { cwd, input: stdout })).code).toBe(
      0,
    );
    expect((await millrace([...tail, "--log", "b.db"], { cwd })).stdout).toBe(input);
  });

  test("shows what other producers write: CloudEvents headers, an org in the key, no value", async () => {
    const { cwd, append } = await directoryWithLog();
    const text = (name: string, value: string) => [name, Buffer.from(value)] as const;
    await append(
      "millrace.ingest",
      { headers: [text("ce_org", "acme"), text("ce_asset", "x"), text("ce_id", "9"), text("org", "z")] },
      { key: Buffer.from("acme") },
    );
    const { stdout } = await millrace(["tail", "ingest", "--from", "beginning", "--count", "2"], { cwd });
    const time = "2025-03-01T08:15:00.000Z";
    const lines = stdout.split("\n").slice(0, -1);
    expect(lines.map((shown) => JSON.parse(shown) as unknown)).toEqual(
      expect.arrayContaining([
        { orgId: "acme", assetId: "x", eventId: "9", time, payloadBase64: "" },
        { orgId: "acme", time, payloadBase64: "" },
      ]),
    );
  });
});

test("goes on beside a member that consumes, and both see everything", async () => {
  const { cwd, log, append } = await directoryWithLog();
  const assigned = Promise.withResolvers<void>();
  const member = await log.join({
    group: "g",
    topics: ["millrace.ingest"],
    share: { index: 0, of: 1 },
    onAssignment: () => assigned.resolve(),
    onFault: (error) => {
      throw error;
    },
  });
  await assigned.promise;
  const owner = await member.own("millrace.ingest", 0);
  const { end } = await startTail(cwd, "ingest", "--count", "1");
  await append("millrace.ingest", { value: Buffer.from("x"), partition: 0 });
  const { records } = await owner.fetch({ maxRecords: 10, maxBytes: 1e6, waitMs: 5_000 });
  expect(records).toHaveLength(1);
  expect((await end).code).toBe(0);
});

describe("the end", () => {
  test("Ctrl-C exits with 130 and says nothing more", async () => {
    const { cwd, append } = await directoryWithLog();
    const { child, end } = await startTail(cwd, "events");
    const shown = once(child.stdout!, "data");
    await append("millrace.events", '{"n":1}');
    await shown;
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect([code, stderr.split("\n")]).toEqual([130, [expect.stringMatching(/^millrace: following/), ""]]);
  });

  test("a reader that goes away is no error", async () => {
    const { cwd, append } = await directoryWithLog();
    const { child, end } = await startTail(cwd, "events");
    child.stdout!.destroy();
    // Only a write tells that nobody reads.
    for (let n = 0; n < 3; n += 1) await append("millrace.events", '{"n":1}');
    expect((await end).code).toBe(0);
  });
});

describe("what cannot be", () => {
  test.each([
    [
      ["tail", "event"],
      /^millrace: command-argument value 'event' is invalid for argument 'topic'\. Allowed choices are events, dead-letters, ingest, debug\.\n$/,
    ],
    [
      ["tail", "events", "--count", "0"],
      /^millrace: option '--count <n>' argument '0' is invalid\. Write a whole number from 1 on\.\n$/,
    ],
    [
      ["tail", "events"],
      /^millrace: there is no log .*data\/millrace\.db yet; millrace produce makes one, and --log names another\n$/,
    ],
  ])("%j is one clear line and exit code 2", async (args, stderr) => {
    const result = await millrace(args, { cwd: directoryWith() });
    expect([result.code, result.stdout, result.stderr]).toEqual([2, "", expect.stringMatching(stderr)]);
  });

  test("a topic that nobody has made is one clear line and exit code 2", async () => {
    const cwd = directoryWith();
    await millrace(["produce", "--input", "-"], { cwd, input: line(1) });
    const { code, stderr } = await millrace(["tail", "events"], { cwd });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^millrace: the log .* has no topic millrace\.events yet; .*\n$/),
    ]);
  });
});
