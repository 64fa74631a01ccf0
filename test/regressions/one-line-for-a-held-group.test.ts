import { expect, test } from "vitest";
import { openEmbeddedLog } from "../../src/stream/embedded/embedded-log.ts";
import { smallCatalog } from "../cli/small-catalog.ts";
import { directoryWith, millrace } from "../cli/spawn-millrace.ts";

// The worker that met the holder was announced as one that is started again, and then the program ended.
test("a stream that finds its data held by another process says so once and ends", async () => {
  const directory = directoryWith(smallCatalog);
  const path = `${directory}/log.db`;
  const log = await openEmbeddedLog({ path, onFault: () => undefined });
  const limits = { retentionMs: null, retentionBytes: null, maxRecordBytes: 1_000_000 };
  await log.ensureTopic({ name: "millrace.ingest", partitions: 1, ...limits });
  const share = { index: 0, of: 1 };
  const topics = ["millrace.ingest"];
  const ignore = (): void => undefined;
  await log.join({ group: "millrace", topics, share, onAssignment: ignore, onFault: ignore });
  const args = ["dev", directory, "--log", path, "--set", "http.listen=127.0.0.1:0", "--workers", "2"];
  const { code, stderr } = await millrace(args);
  await log.close();
  expect(code).toBe(3);
  const lines = stderr.trimEnd().split("\n");
  expect(lines.filter((line) => line.includes("group millrace"))).toEqual([
    expect.stringMatching(new RegExp(`^millrace: group millrace is consumed by process ${process.pid} on `)),
  ]);
  expect(stderr).not.toContain("another starts");
});
