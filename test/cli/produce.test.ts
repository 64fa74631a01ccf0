import { chmodSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openLog } from "../stream/embedded/embedded-store.ts";
import { line } from "./small-catalog.ts";
import { directoryWith, finished, millrace, startMillrace, type Finished } from "./spawn-millrace.ts";

/** What the ingest topic of a directory's log holds, as `tail` shows it. */
async function ingested(cwd: string, count: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { stdout } = await millrace(["tail", "ingest", "--from", "beginning", "--count", String(count)], {
    cwd,
  });
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((text) => JSON.parse(text) as Record<string, unknown>);
}

function produce(cwd: string, input: string, ...flags: string[]): Promise<Finished> {
  return millrace(["produce", "--input", "-", ...flags], { cwd, input });
}

test("events are durable in the log's ingest topic, in their order, and the last line says how many", async () => {
  const cwd = directoryWith();
  const input = Array.from({ length: 5_000 }, (_, n) => line({ n })).join("");
  const result = await produce(cwd, input);
  expect([result.code, result.stdout]).toEqual([0, ""]);
  expect(result.stderr).toMatch(/^millrace: 5,000 events are durable in millrace\.ingest, in [\d.]+ m?s\n$/);
  const payloads = (await ingested(cwd, 5_000)).map(({ payload }) => payload);
  expect(payloads).toEqual(Array.from({ length: 5_000 }, (_, n) => ({ n })));
});

test("a bad line is told with its number and code and left out, and the exit code is 1", async () => {
  const cwd = directoryWith();
  const result = await produce(
    cwd,
    `${line({ n: 1 })}{nope\n${line({ n: 2 })}{"orgId":"acme","assetId":"a1"}\n`,
  );
  expect(result.code).toBe(1);
  expect(result.stderr).toMatch(
    /^millrace: line 2: it is not JSON: .* \(NOT_JSON\)\nmillrace: line 4: the line has none of .* \(NO_PAYLOAD\)\nmillrace: 2 events are durable in millrace\.ingest, 2 lines refused, in /,
  );
  expect((await ingested(cwd, 2)).map(({ payload }) => payload)).toEqual([{ n: 1 }, { n: 2 }]);
});

test("of many bad lines the first are told and all are counted", async () => {
  const result = await produce(directoryWith(), "{nope\n".repeat(500));
  expect(result.code).toBe(1);
  expect(result.stderr.split("\n")).toHaveLength(23);
  expect(result.stderr).toMatch(
    /only counted\nmillrace: 0 events are durable in millrace\.ingest, 500 lines refused/,
  );
});

test("no input is no event", async () => {
  const { code, stderr } = await produce(directoryWith(), "");
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^millrace: 0 events are durable/)]);
});

test("the log may be named by the configuration, relative to it, or by --log", async () => {
  const cwd = directoryWith({
    "conf/m.yaml": "log: sqlite:./a.db\ntopics: { ingest: raw, partitions: 1 }\n",
    "events.ndjson": line(1),
  });
  const config = ["--config", "conf/m.yaml"];
  expect((await millrace(["produce", ...config, "--input", "events.ndjson"], { cwd })).stderr).toMatch(
    /durable in raw,/,
  );
  const tail = ["tail", "ingest", "--from", "beginning", "--count", "1", "--with-record"];
  const { stdout } = await millrace([...tail, "--log", "conf/a.db", "--set", "topics.ingest=raw"], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ topic: "raw", partition: 0, offset: 0, value: { payload: 1 } });
});

describe("what cannot be", () => {
  test.each([
    [["produce"], 2, /^millrace: required option '--input <file>' not specified\n$/],
    [["produce", "--input", "gone"], 2, /^millrace: cannot read gone: no such file\n$/],
    [
      ["produce", "--input", "-", "--log", "kafka://h:9092"],
      2,
      /^millrace: --log: log: "kafka:" is not supported; write sqlite:PATH\n$/,
    ],
    [
      ["produce", "--input", "-", "--log", "text.txt"],
      3,
      /^millrace: log .*text\.txt: this is no SQLite file.*\n$/,
    ],
    [
      ["produce", "--input", "-", "--log", "text.txt/x.db"],
      3,
      /^millrace: log .*x\.db: it cannot be made .*\n$/,
    ],
  ])("%j is one clear line", async (args, code, stderr) => {
    const cwd = directoryWith({ "text.txt": "no log ".repeat(1_000) });
    const result = await millrace(args, { cwd });
    expect([result.code, result.stdout, result.stderr]).toEqual([code, "", expect.stringMatching(stderr)]);
  });

  test("a log that may not be written is one clear line", async (context) => {
    if (process.getuid?.() === 0) context.skip("root may write everything");
    const cwd = directoryWith({ "data/x": "" });
    chmodSync(join(cwd, "data"), 0o500);
    const { code, stderr } = await produce(cwd, line(1));
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^millrace: log .*it cannot be made/)]);
  });

  test("an event that is larger than the topic takes ends it, with where to go on", async () => {
    const cwd = directoryWith();
    const flags = ["--set", "topics.maxRecordBytes=2000"];
    expect((await produce(cwd, line(1), ...flags)).code).toBe(0);
    const result = await produce(cwd, line("x".repeat(3_000)), ...flags);
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(
      /^millrace: 0 events are durable in millrace\.ingest, in .*; no line of the input is done\nmillrace: topic millrace\.ingest takes records of up to 2000 bytes/,
    );
  });
});

test("Ctrl-C finishes what was read, says through which line, and exits with 130", async () => {
  const cwd = directoryWith();
  const log = await openLog(join(cwd, "data", "millrace.db"));
  const child = startMillrace(["produce", "--input", "-"], { cwd });
  const end = finished(child);
  child.stdin?.write(line({ n: 1 }) + line({ n: 2 }));
  // Nothing tells from outside that the lines were read, but that the log has them.
  while ((await log.describeTopic("millrace.ingest")) === undefined) await delay(20);
  const ends = async (): Promise<number> =>
    (await log.offsets("millrace.ingest")).reduce((sum, { endOffset }) => sum + endOffset, 0);
  while ((await ends()) < 2) await delay(20);
  child.kill("SIGINT");
  const { code, stderr } = await end;
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /2 events are durable in millrace\.ingest, in .*; the input is done through line 2\n$/,
  );
  expect(await ingested(cwd, 2)).toHaveLength(2);
});

test("two at once both come through", async () => {
  const cwd = directoryWith();
  const input = Array.from({ length: 2_000 }, (_, n) => line({ n })).join("");
  const results = await Promise.all([produce(cwd, input), produce(cwd, input)]);
  expect(results.map(({ code }) => code)).toEqual([0, 0]);
  expect(await ingested(cwd, 4_000)).toHaveLength(4_000);
});
