import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openDatabase, schemaVersion } from "../../../src/stream/embedded/database.ts";
import { openEmbeddedLog } from "../../../src/stream/embedded/embedded-log.ts";
import { numbered, readAll, textOf, topicSpec } from "../../contract/log-store.ts";
import { logPath, openLog } from "./embedded-store.ts";
import { startProcess } from "./spawn-process.ts";

describe("the file of an embedded log", () => {
  test("is made with its directory, and holds what was acknowledged when it is opened again", async () => {
    const path = await logPath();
    const log = await openLog(path);
    const { topicId } = await log.ensureTopic(topicSpec("in", 1));
    await log.append(numbered("in", 0, 0, 3));
    await log.close();
    expect(readdirSync(dirname(path))).toEqual(["log.db"]);
    const again = await openLog(path);
    expect((await again.describeTopic("in"))?.topicId).toBe(topicId);
    expect((await readAll(again, "in", 3)).map(textOf)).toEqual(["0", "1", "2"]);
  });

  test("is made once when several processes begin at the same time", async () => {
    const path = await logPath();
    const processes = [1, 2, 3].map(() => startProcess("producer", [path, "0", "0"]));
    for (const started of processes) {
      expect(await started.rest()).toEqual([]);
      expect(await started.ended).toEqual([0, null]);
    }
    expect(readdirSync(dirname(path))).toEqual(["log.db"]);
    const log = await openLog(path);
    expect(await log.listTopics()).toEqual([]);
  });

  test("is refused when a newer Millrace has written it, and left as it was", async () => {
    const path = await logPath();
    openDatabase(path).close();
    withDatabase(path, (db) => db.exec(`PRAGMA user_version = ${schemaVersion + 1}`));
    await expect(open(path)).rejects.toMatchObject({
      code: "LOG_UNUSABLE",
      message: `log ${path}: written by a newer Millrace (its schema is ${schemaVersion + 1}, this one knows up to ${schemaVersion}); use that version`,
    });
    withDatabase(path, (db) => expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 }));
  });

  test("is refused when it is another program's database", async () => {
    const path = await logPath();
    mkdirSync(dirname(path));
    withDatabase(path, (db) => db.exec("CREATE TABLE recipes (name)"));
    await expect(open(path)).rejects.toMatchObject({ code: "LOG_UNUSABLE" });
  });

  test("is refused when it cannot be made, with the path and the reason", async () => {
    const path = await logPath();
    mkdirSync(dirname(path));
    writeFileSync(join(dirname(path), "file"), "");
    const below = join(dirname(path), "file", "log.db");
    await expect(open(below)).rejects.toMatchObject({
      code: "LOG_UNUSABLE",
      message: expect.stringMatching(/^log .*file\/log\.db: it cannot be made \(E/) as string,
    });
  });

  test("is a fault when it is empty, cut off, or not a database, never a new log", async () => {
    const path = await logPath();
    const damages: readonly (() => void)[] = [
      () => truncateSync(path, 0),
      () => truncateSync(path, 50),
      () => truncateSync(path, 3 * 8_192),
      () => writeFileSync(path, "not a database at all, but a text that is long enough\n".repeat(40)),
    ];
    for (const damage of damages) {
      rmSync(path, { force: true });
      const log = await openEmbeddedLog({ path, onFault: () => undefined });
      await log.ensureTopic(topicSpec("in", 1));
      await log.append(numbered("in", 0, 0, 10_000));
      await log.close();
      damage();
      await expect(open(path)).rejects.toMatchObject({ code: "LOG_CORRUPT", retryable: false });
    }
  });

  test("is a fault when it is missing and its WAL is not", async () => {
    const path = await logPath();
    mkdirSync(dirname(path));
    writeFileSync(`${path}-wal`, "what may hold the newest records");
    await expect(open(path)).rejects.toMatchObject({ code: "LOG_CORRUPT" });
    expect(existsSync(path)).toBe(false);
  });
});

async function open(path: string): Promise<void> {
  const log = await openEmbeddedLog({ path, onFault: () => undefined });
  await log.close();
}

function withDatabase(path: string, work: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(path);
  work(db);
  db.close();
}
