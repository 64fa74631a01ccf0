import type { DatabaseSync } from "node:sqlite";
import { onTestFinished, describe, expect, test } from "vitest";
import { openDatabase } from "../../../src/stream/embedded/database.ts";
import { openGroupCommit } from "../../../src/stream/embedded/group-commit.ts";
import { openLogReads } from "../../../src/stream/embedded/log-reads.ts";
import { packRecords } from "../../../src/stream/embedded/record-chunk.ts";
import type { PartitionRecords, WriteRequest } from "../../../src/stream/embedded/write-request.ts";
import { numbered, record, topicSpec } from "../../contract/log-store.ts";
import { logPath } from "./embedded-store.ts";

interface Scene {
  readonly db: DatabaseSync;
  readonly write: ReturnType<typeof openGroupCommit>;
  /** End offset, and committed offset of the group `g`. */
  readonly state: () => readonly [end: number, committed: number | null];
}

async function scene(): Promise<Scene> {
  const path = await logPath();
  const db = openDatabase(path);
  onTestFinished(() => db.close());
  const reads = openLogReads(db, path);
  const write = openGroupCommit(db, path);
  write([
    { kind: "ensureTopic", spec: topicSpec("in", 1) },
    { kind: "own", group: "g", partitionIds: [0] },
  ]);
  return { db, write, state: () => [reads.bounds(0).endOffset, reads.committedOffset("g", 0)] };
}

const packed = (count: number): PartitionRecords[] =>
  packRecords(numbered("in", 0, 0, count)).map((chunk) => ({ partitionId: 0, ...chunk }));

const append = (count: number): WriteRequest => ({ kind: "append", chunks: packed(count) });

const commit = (epoch: number, expectedOffset: number | null, nextOffset: number): WriteRequest => ({
  kind: "commit",
  group: "g",
  claims: [{ partitionId: 0, epoch, expectedOffset, nextOffset, metadata: "" }],
  chunks: packed(1),
});

describe("a group of writes", () => {
  test("gives each request its own answer, and one that is refused leaves the others alone", async () => {
    const { write, state } = await scene();
    const outcomes = write([
      append(3),
      commit(7, null, 1),
      { kind: "append", chunks: packed(1).map((chunk) => ({ ...chunk, partitionId: 99 })) },
      commit(1, null, 2),
      append(2),
    ]);
    expect(outcomes).toMatchObject([
      { result: [0] },
      { error: { code: "FENCED" } },
      { error: { code: "TOPIC" } },
      { result: null },
      { result: [4] },
    ]);
    expect(state()).toEqual([6, 2]);
  });

  test("refuses a commit whose offset was moved by someone else, though the epoch is the same", async () => {
    const { write, state } = await scene();
    write([append(5), commit(1, null, 2)]);
    expect(write([commit(1, null, 4)])).toMatchObject([{ error: { code: "FENCED" } }]);
    expect(write([commit(1, 1, 4)])).toMatchObject([{ error: { code: "FENCED" } }]);
    expect(state()).toEqual([6, 2]);
    expect(write([commit(1, 2, 4)])).toEqual([{ result: null }]);
  });

  test("fails as a whole when the file cannot grow, and goes on after what was there when it can", async () => {
    const { db, write, state } = await scene();
    write([append(5), commit(1, null, 2)]);
    const pages = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
    db.exec(`PRAGMA max_page_count = ${pages + 4}`);
    const large = packRecords([record("in", "", { value: Buffer.alloc(200_000) })]);
    const outcomes = write([
      commit(1, 2, 3),
      { kind: "append", chunks: large.map((chunk) => ({ partitionId: 0, ...chunk })) },
    ]);
    const full = { error: { code: "LOG", message: expect.stringContaining("the disk is full") as string } };
    expect(outcomes).toMatchObject([full, full]);
    expect(state()).toEqual([6, 2]);
    db.exec("PRAGMA max_page_count = 1000000");
    expect(write([commit(1, 2, 3), append(1)])).toEqual([{ result: null }, { result: [7] }]);
  });

  test("is durable before it is answered", async () => {
    const { db } = await scene();
    // 2 stands for FULL: SQLite waits for the disk at each commit. In a WAL that is not its only safe-looking setting.
    expect(db.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
  });
});
