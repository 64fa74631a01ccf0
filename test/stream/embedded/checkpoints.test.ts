import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Log } from "../../../src/stream/port.ts";
import { plenty, record, topicSpec } from "../../contract/log-store.ts";
import { logPath, openLog } from "./embedded-store.ts";

const megabyte = 2 ** 20;

interface Scene {
  readonly path: string;
  readonly log: Log;
  /** Appends some megabytes, and gives the largest size that the WAL had meanwhile. */
  readonly append: (megabytes: number) => Promise<number>;
}

async function scene(): Promise<Scene> {
  const path = await logPath();
  const log = await openLog(path, { walLimitBytes: 8 * megabyte });
  await log.ensureTopic(topicSpec("in", 1, { maxRecordBytes: 2 * megabyte }));
  const append = async (megabytes: number): Promise<number> => {
    let largest = 0;
    for (let n = 0; n < megabytes; n += 1) {
      await log.append([record("in", "", { value: Buffer.alloc(megabyte) })]);
      largest = Math.max(largest, statSync(`${path}-wal`).size);
    }
    return largest;
  };
  return { path, log, append };
}

describe("the WAL", () => {
  test("stays bounded while the log's own readers follow", async () => {
    const { log, append } = await scene();
    const reader = await log.read({ topic: "in", from: "beginning" });
    let read = 0;
    const following = (async () => {
      while (read < 100) read += (await reader.fetch({ ...plenty, waitMs: 1_000 })).records.length;
    })();
    expect(await append(100)).toBeLessThan(40 * megabyte);
    await following;
  });

  test("stays bounded while at each moment someone is in a read", async () => {
    const { path, append } = await scene();
    const relay = [new DatabaseSync(path), new DatabaseSync(path)];
    let turn = 0;
    const takeTurns = (): void => {
      const [next, last] = turn % 2 === 0 ? relay : [...relay].reverse();
      next?.exec("BEGIN; SELECT count(*) FROM topic");
      if (last?.isTransaction === true) last.exec("COMMIT");
      turn += 1;
    };
    takeTurns();
    const timer = setInterval(takeTurns, 5);
    onTestFinished(() => {
      clearInterval(timer);
      for (const reader of relay) reader.close();
    });
    expect(await append(100)).toBeLessThan(60 * megabyte);
    expect(turn).toBeGreaterThan(10);
  });

  test("becomes small again after an outsider has kept it from its work", async () => {
    const { path, append } = await scene();
    const outsider = new DatabaseSync(path);
    outsider.exec("BEGIN; SELECT count(*) FROM topic");
    expect(await append(60)).toBeGreaterThan(50 * megabyte);
    outsider.close();
    await append(40);
    expect(statSync(`${path}-wal`).size).toBeLessThan(40 * megabyte);
  });
});
