import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { pageBytes } from "../../../src/stream/embedded/database.ts";
import { openEmbeddedLog } from "../../../src/stream/embedded/embedded-log.ts";
import type { Log } from "../../../src/stream/port.ts";
import { drain, joinAlone, numbered, plenty, record, textOf, topicSpec } from "../../contract/log-store.ts";
import { logPath, openLog } from "./embedded-store.ts";

/** A log of 30 records in three chunks, closed. */
async function closedLog(): Promise<string> {
  const path = await logPath();
  const log = await openLog(path);
  await log.ensureTopic(topicSpec("in", 1));
  for (const first of [0, 10, 20]) await log.append(numbered("in", 0, first, first + 10));
  await log.close();
  return path;
}

async function readFrom(log: Log, offset: number): Promise<number> {
  const reader = await log.read({ topic: "in", from: [{ partition: 0, offset }] });
  return (await reader.fetch({ ...plenty, waitMs: 0 })).records.length;
}

describe("damage to the file of an embedded log", () => {
  test("a flipped bit stops the reader before its records, every time, and not before those that are sound", async () => {
    const path = await closedLog();
    flipBit(path, "25");
    const log = await openLog(path);
    const reader = await log.read({ topic: "in", from: "beginning" });
    expect((await reader.fetch({ ...plenty, waitMs: 0 })).records.map(textOf)).toEqual(
      Array.from({ length: 20 }, (_, n) => `${n}`),
    );
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(reader.fetch(plenty)).rejects.toMatchObject({
        code: "LOG_CORRUPT",
        retryable: false,
        message: expect.stringContaining("between offsets 20 and 30") as string,
      });
    }
  });

  test("what was taken before a fault is given, and the fault when there is nothing else", async () => {
    const path = await logPath();
    const before = await openLog(path);
    await before.ensureTopic(topicSpec("in", 2));
    await before.append(numbered("in", 0, 0, 5));
    await before.append(numbered("in", 1, 5, 10));
    await before.close();
    flipBit(path, "7");
    const log = await openLog(path);
    const reader = await log.read({ topic: "in", from: "beginning" });
    expect((await reader.fetch(plenty)).records.map(textOf)).toEqual(["0", "1", "2", "3", "4"]);
    await expect(reader.fetch(plenty)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
  });

  test.each([
    ["in the middle", 10],
    ["at the end", 20],
    ["at the beginning", 0],
  ])("a chunk that is missing %s is a fault, not a gap", async (_where, baseOffset) => {
    const path = await closedLog();
    const db = new DatabaseSync(path);
    db.prepare("DELETE FROM chunk WHERE base_offset = ?").run(baseOffset);
    db.close();
    const log = await openLog(path);
    await expect(readFrom(log, baseOffset)).rejects.toMatchObject({
      code: "LOG_CORRUPT",
      message: expect.stringContaining(`lacks records from offset ${baseOffset}`) as string,
    });
    if (baseOffset > 0) expect(await readFrom(log, 0)).toBe(baseOffset);
  });

  test.each(["its WAL emptied", "a WAL beside it"])(
    "a file with %s that is cut off anywhere loses nothing unsaid: what is read is sound, then comes the fault",
    async (kept) => {
      const { path, pages } = await copiedLog(kept === "a WAL beside it" ? "with its WAL" : "without one");
      expect(pages).toBeGreaterThan(20);
      const whole = readFileSync(path);
      const wal = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : undefined;
      let faults = 0;
      for (let size = whole.length - 100; size > 0; size -= pageBytes / 2 - 7) {
        writeFileSync(path, whole.subarray(0, size));
        rmSync(`${path}-shm`, { force: true });
        if (wal !== undefined) writeFileSync(`${path}-wal`, wal);
        faults += (await readToFault(path)) === "fault" ? 1 : 0;
      }
      expect(faults).toBeGreaterThan(pages);
    },
  );

  test("a file that is replaced while in use takes no more records", async () => {
    const path = await closedLog();
    const log = await openLog(path);
    await log.append([record("in", "while it is there")]);
    renameSync(path, `${path}.moved`);
    await expect(log.append([record("in", "lost")])).rejects.toMatchObject({
      code: "LOG_UNUSABLE",
      message: expect.stringContaining("was deleted or replaced while in use") as string,
    });
    renameSync(`${path}.moved`, path);
    await log.append([record("in", "there again")]);
  });
});

const cutRecords = 40;

/** A copy of a log of `cutRecords` records of some pages each, as it lay on the disk while in use. */
async function copiedLog(wal: "with its WAL" | "without one"): Promise<{ path: string; pages: number }> {
  const path = await logPath();
  const log = await openLog(path);
  await log.ensureTopic(topicSpec("in", 1));
  const append = async (first: number, end: number): Promise<void> => {
    for (let n = first; n < end; n += 1) await log.append([record("in", `${n}`.padEnd(20_000))]);
  };
  await append(0, cutRecords / 2);
  const owner = await (await joinAlone(log, "group", "in")).own("in", 0);
  await drain(owner, cutRecords / 2);
  await owner.commit({ from: 0, to: 7, metadata: "", outputs: [] });
  const db = new DatabaseSync(path);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  await append(cutRecords / 2, cutRecords);
  if (wal === "without one") db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  if (wal === "with its WAL") copyFileSync(`${path}-wal`, `${copy}-wal`);
  await log.close();
  return { path: copy, pages: statSync(copy).size / pageBytes };
}

/** Reads a log from its beginning; what comes must be its records, all of them or up to a fault. */
async function readToFault(path: string): Promise<"whole" | "fault"> {
  const texts: string[] = [];
  let log: Log | undefined;
  try {
    log = await openEmbeddedLog({ path, onFault: () => undefined });
    expect(await log.lag("group", "in")).toMatchObject([{ committedOffset: 7, endOffset: cutRecords }]);
    const reader = await log.read({ topic: "in", from: "beginning" });
    for (;;) {
      const { records, gaps } = await reader.fetch({ ...plenty, waitMs: 0 });
      expect(gaps).toEqual([]);
      if (records.length === 0) break;
      texts.push(...records.map((one) => textOf(one).trimEnd()));
    }
    expect(texts).toHaveLength(cutRecords);
    return "whole";
  } catch (error) {
    expect(error).toMatchObject({
      code: "LOG_CORRUPT",
      message: expect.not.stringContaining("\n") as string,
    });
    expect(texts).toEqual(Array.from(texts, (_, n) => `${n}`));
    return "fault";
  } finally {
    await log?.close();
  }
}

/** Flips a bit of the last place in the file where `text` stands. */
function flipBit(path: string, text: string): void {
  const at = readFileSync(path, "latin1").lastIndexOf(text);
  if (at === -1) throw new Error(`the file does not hold ${text}`);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from([text.charCodeAt(0) ^ 1]), 0, 1, at);
  closeSync(file);
}
