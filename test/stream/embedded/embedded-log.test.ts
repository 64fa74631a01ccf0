import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import type { Log } from "../../../src/stream/port.ts";
import {
  drain,
  join,
  joinAlone,
  numbered,
  plenty,
  readAll,
  record,
  textOf,
  topicSpec,
} from "../../contract/log-store.ts";
import { logPath, openLog } from "./embedded-store.ts";

async function withTopic(partitions = 1): Promise<{ path: string; log: Log }> {
  const path = await logPath();
  const log = await openLog(path);
  await log.ensureTopic(topicSpec("in", partitions));
  return { path, log };
}

describe("the embedded log's writer", () => {
  test("puts many small posts into few transactions and chunks", async () => {
    const { path, log } = await withTopic();
    const posts = Array.from({ length: 500 }, (_, n) => log.append([record("in", `${n}`)]));
    const places = (await Promise.all(posts)).flat();
    expect(places.map(({ offset }) => offset)).toEqual(places.map((_, offset) => offset));
    const db = new DatabaseSync(path, { readOnly: true });
    expect(Number(db.prepare("SELECT count(*) AS chunks FROM chunk").get()?.["chunks"])).toBeLessThan(100);
    db.close();
  });

  test("leaves the thread of its callers free while it waits", async () => {
    const { path, log } = await withTopic();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const order: string[] = [];
    const appending = log.append([record("in", "a")]).then(() => order.push("appended"));
    for (let tick = 0; tick < 5; tick += 1) {
      await delay(20);
      order.push("tick");
      expect(await readAll(log, "in", 0)).toEqual([]);
    }
    other.exec("ROLLBACK");
    other.close();
    await appending;
    expect(order).toEqual(["tick", "tick", "tick", "tick", "tick", "appended"]);
  });

  test("refuses to take more than it can hold while the disk does not keep up, and what it took is written", async () => {
    const { path, log } = await withTopic();
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const value = Buffer.alloc(900_000);
    const posts = Array.from({ length: 100 }, () => log.append([record("in", "", { value })]));
    const settled = Promise.allSettled(posts);
    await expect(posts.at(-1)).rejects.toMatchObject({ code: "LOG", retryable: true });
    other.exec("ROLLBACK");
    other.close();
    const taken = (await settled).filter(({ status }) => status === "fulfilled").length;
    expect(taken).toBeGreaterThan(50);
    expect((await log.offsets("in"))[0]?.endOffset).toBe(taken);
    await log.append([record("in", "again")]);
  });
});

describe("the embedded log's reader", () => {
  test("turns to the other partitions while one has more than a fetch can take", async () => {
    const { log } = await withTopic(3);
    await log.append([0, 1, 2].flatMap((partition) => numbered("in", partition, 0, 40)));
    const reader = await log.read({ topic: "in", from: "beginning" });
    const seen = new Set<number>();
    for (let turn = 0; turn < 3; turn += 1) {
      const { records } = await reader.fetch({ ...plenty, maxRecords: 10 });
      for (const { partition } of records) seen.add(partition);
    }
    expect(seen).toEqual(new Set([0, 1, 2]));
  });

  test("leaves timers and sockets their turn while there is always something to fetch", async () => {
    const { log } = await withTopic();
    await log.append(numbered("in", 0, 0, 500));
    const reader = await log.read({ topic: "in", from: "beginning" });
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    for (let turn = 0; turn < 500; turn += 1) await reader.fetch({ ...plenty, maxRecords: 1 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});

describe("the embedded log's groups", () => {
  test("deal partitions out by number, each to one member of the process", async () => {
    const { path, log } = await withTopic(5);
    const shares = await Promise.all(
      [0, 1].map(async (index) => {
        const assignment = Promise.withResolvers<readonly { readonly partition: number }[]>();
        await (
          await openLog(path)
        ).join({
          group: "group",
          topics: ["in"],
          share: { index, of: 2 },
          onAssignment: assignment.resolve,
          onFault: assignment.reject,
        });
        return (await assignment.promise).map(({ partition }) => partition);
      }),
    );
    expect(shares).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
    await log.close();
  });

  test("are shared by the threads of a process, and their owners fence each other", async () => {
    const { path, log } = await withTopic();
    await log.ensureTopic(topicSpec("out", 1));
    const owner = await (await joinAlone(log, "pairs", "in")).own("in", 0);
    await log.append(numbered("in", 0, 0, 3));
    await drain(owner, 3);
    const thread = new Worker(new URL("./owner-process.ts", import.meta.url), {
      argv: [path],
      stdout: true,
    });
    const outputs = (await readAll(log, "out", 6)).map((one) => textOf(one).trimEnd());
    expect(outputs).toEqual(["0a", "0b", "1a", "1b", "2a", "2b"]);
    await thread.terminate();
    await expect(
      owner.commit({ from: 0, to: 3, metadata: "", outputs: [record("out", "zombie")] }),
    ).rejects.toMatchObject({ code: "FENCED" });
    expect(await readAll(log, "out", 6)).toHaveLength(6);
  });

  test("never let two threads through when they own and commit at the same time", async () => {
    const rounds = 30;
    const { path, log } = await withTopic();
    await log.ensureTopic(topicSpec("out", 1));
    await log.append(numbered("in", 0, 0, rounds));
    const lane = async (name: string): Promise<number> => {
      const member = await joinAlone(await openLog(path), "group", "in");
      let fenced = 0;
      for (;;) {
        const owner = await member.own("in", 0);
        if (owner.position === rounds) return fenced;
        const { records } = await owner.fetch({ ...plenty, maxRecords: 1 });
        const outputs = records.map((one) => record("out", `${textOf(one)} ${name}`));
        await owner
          .commit({ from: owner.position, to: owner.position + 1, metadata: "", outputs })
          .catch((error: unknown) => {
            expect(error).toMatchObject({ code: "FENCED" });
            fenced += 1;
          });
        await delay(Math.random() * 3);
      }
    };
    const fenced = await Promise.all(["left", "right"].map(lane));
    expect(fenced[0]! + fenced[1]!).toBeGreaterThan(0);
    const outputs = (await readAll(log, "out", rounds)).map((one) => textOf(one).split(" ")[0]);
    expect(outputs).toEqual(Array.from({ length: rounds }, (_, n) => `${n}`));
  });

  test("refuse a commit beyond what was fetched, before the last has ended, or with too much metadata", async () => {
    const { log } = await withTopic();
    await log.append(numbered("in", 0, 0, 4));
    const member = await joinAlone(log, "group", "in");
    const slice = (to: number): { from: number; to: number; metadata: string; outputs: [] } => ({
      from: 0,
      to,
      metadata: "",
      outputs: [],
    });
    const eager = await member.own("in", 0);
    await eager.fetch({ ...plenty, maxRecords: 2 });
    await expect(eager.commit(slice(3))).rejects.toMatchObject({ code: "INTERNAL" });
    const talkative = await member.own("in", 0);
    await talkative.fetch(plenty);
    await expect(talkative.commit({ ...slice(1), metadata: "é".repeat(2_049) })).rejects.toMatchObject({
      code: "INTERNAL",
    });
    const hasty = await member.own("in", 0);
    await hasty.fetch({ ...plenty, maxRecords: 2 });
    const first = hasty.commit(slice(1));
    await expect(hasty.commit({ ...slice(2), from: 1 })).rejects.toMatchObject({ code: "INTERNAL" });
    await first;
    expect((await member.own("in", 0)).position).toBe(1);
  });

  test("end an owner that is still on its way when the assignment comes", async () => {
    const { log } = await withTopic();
    const { member, assigned } = await join(log, "group", ["in"]);
    await assigned((all) => all.length === 1);
    await log.ensureTopic(topicSpec("other", 1));
    const owning = member.own("in", 0);
    await member.subscribe(["in", "other"]);
    await assigned((all) => all.length === 2);
    await expect((await owning).fetch(plenty)).rejects.toMatchObject({ code: "FENCED" });
  });

  test("go to the earliest record, and say so, when the committed offset lies beyond the end", async () => {
    const { path, log } = await withTopic();
    await log.append(numbered("in", 0, 0, 3));
    const member = await joinAlone(log, "group", "in");
    await member.own("in", 0);
    const db = new DatabaseSync(path);
    db.exec("UPDATE position SET next_offset = 99");
    db.close();
    const owner = await member.own("in", 0);
    expect(owner).toMatchObject({
      position: 0,
      gap: { topic: "in", partition: 0, expectedOffset: 99, resumedOffset: 0 },
    });
    expect((await drain(owner, 3)).map(textOf)).toEqual(["0", "1", "2"]);
    await owner.commit({ from: 0, to: 3, metadata: "", outputs: [] });
    expect(await member.own("in", 0)).toMatchObject({ position: 3, gap: null });
  });

  test("closing the log ends members and readers, and waits for what is being written", async () => {
    const { path, log } = await withTopic();
    const { member, assigned } = await join(log, "group", ["in"]);
    await assigned((all) => all.length === 1);
    const waiting = (await member.own("in", 0)).fetch({ ...plenty, waitMs: 600_000 });
    const appending = log.append([record("in", "last")]);
    const joining = join(log, "another", ["in"]);
    joining.catch(() => undefined);
    await log.close();
    expect((await waiting).records.length).toBeLessThanOrEqual(1);
    await appending;
    await expect(member.own("in", 0)).rejects.toMatchObject({ code: "CLOSED" });
    await expect(joining).rejects.toMatchObject({ code: "CLOSED" });
    expect((await readAll(await openLog(path), "in", 1)).map(textOf)).toEqual(["last"]);
  });
});
