import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openHttp } from "../../src/app/open-http.ts";
import { openLog } from "../../src/app/open-log.ts";
import { topicSpec } from "../../src/app/topic-spec.ts";
import { loadConfig } from "../../src/config/load-config.ts";

const token = "0123456789abcdef";
const bare = "/v1/orgs/acme/assets/a1/events";

/** A server as this configuration file says, over the log that it names. */
async function openFrom(yaml: string, environment: Readonly<Record<string, string>> = {}) {
  const dir = mkdtempSync(join(tmpdir(), "millrace-http-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, "token"), `${token}\n`);
  writeFileSync(join(dir, "m.yaml"), yaml);
  const { config } = loadConfig({ file: join(dir, "m.yaml"), environment, workingDir: "/nowhere" });
  const onFault = (error: Error): void => {
    throw error;
  };
  const log = await openLog(config.log, { missing: "make", onFault });
  onTestFinished(() => log.close());
  await log.ensureTopic(topicSpec(config.topics, "ingest"));
  const http = await openHttp(config, { log, ready: () => [], onFault });
  onTestFinished(() => http.close());
  const post = (path: string, init: RequestInit): Promise<Response> =>
    fetch(http.address + path, { method: "POST", ...init });
  return { config, log, post };
}

test("every key of the configuration has its effect", async () => {
  const { post, log } = await openFrom(
    "log: sqlite:./a.db\ntopics: { ingest: raw, partitions: 3, retentionMs: 60000, maxRecordBytes: 5000 }\n" +
      "limits: { payloadBytes: 50, lineBytes: 1024 }\n" +
      "http: { listen: '0.0.0.0:0', tokenFile: token, bodyBytes: 2000, bodyEvents: 2, requestTimeoutMs: 200 }\n",
  );
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" };
  const line = '{"orgId":"acme","assetId":"a1","payload":1}\n';
  expect((await post(bare, { body: "x" })).status).toBe(401);
  expect((await post(bare, { body: "x", headers })).status).toBe(202);
  expect((await post(bare, { body: "x".repeat(51), headers })).status).toBe(413);
  expect((await post("/v1/events", { body: line.repeat(2), headers })).status).toBe(202);
  expect((await post("/v1/events", { body: line.repeat(3), headers })).status).toBe(413);
  expect((await post("/v1/events", { body: " ".repeat(2_001), headers })).status).toBe(413);
  const stalling = new ReadableStream({
    start: (controller) => {
      controller.enqueue(Buffer.from("x"));
    },
  });
  const slow = await post(bare, { body: stalling, headers, duplex: "half" });
  expect(slow.status).toBe(408);
  expect(await log.listTopics()).toMatchObject([
    { name: "raw", partitions: 3, retentionMs: 60_000, retentionBytes: null, maxRecordBytes: 5_000 },
  ]);
});

test("dead letters may be larger than the records in them", () => {
  const { config } = loadConfig({ workingDir: "/" });
  expect(topicSpec(config.topics, "deadLetters")).toMatchObject({
    name: "millrace.dead-letters",
    maxRecordBytes: Math.ceil(1.4 * config.topics.maxRecordBytes) + 65_536,
  });
});
