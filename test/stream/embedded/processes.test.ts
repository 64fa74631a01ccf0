import { describe, expect, test } from "vitest";
import type { Log } from "../../../src/stream/port.ts";
import { joinAlone, readAll, textOf, topicSpec } from "../../contract/log-store.ts";
import { logPath, openLog } from "./embedded-store.ts";
import { startProcess, startWithFileLimit, type TestProcess } from "./spawn-process.ts";

/** Processes are started one after the other here, each of which takes a second on a busy machine. */
const timeoutMs = 120_000;

async function withTopics(): Promise<{ path: string; log: Log }> {
  const path = await logPath();
  const log = await openLog(path);
  for (const name of ["in", "out"]) await log.ensureTopic(topicSpec(name, 1));
  return { path, log };
}

describe("an embedded log of several processes", () => {
  test(
    "each record has its outputs once and in order, however often owner and producer are killed",
    { timeout: timeoutMs },
    async () => {
      const { path, log } = await withTopics();
      const total = 1_500;
      const [kills] = await Promise.all([consumeThrough(path, total), produceThrough(path, log, total)]);
      expect(kills).toBeGreaterThan(3);
      const inputs = (await readAll(log, "in", total)).map(textOf);
      expect(inputs).toEqual(Array.from({ length: total }, (_, n) => `${n}`));
      expect((await readAll(log, "out", 2 * total)).map((one) => textOf(one).trimEnd())).toEqual(
        inputs.flatMap((text) => [`${text}a`, `${text}b`]),
      );
    },
  );

  test(
    "a second process is refused, told who has the group, and let in once that one is killed",
    {
      timeout: timeoutMs,
    },
    async () => {
      const { path, log } = await withTopics();
      const holder = startProcess("owner", [path]);
      expect(await holder.line()).toBe("owned 0");
      const join = (group: string): Promise<unknown> => joinAlone(log, group, "in");
      await expect(join("pairs")).rejects.toMatchObject({
        code: "GROUP_HELD",
        message: expect.stringContaining(`process ${holder.child.pid} `) as string,
      });
      await join("another group");
      await holder.kill();
      const member = await joinAlone(log, "pairs", "in");
      expect((await member.own("in", 0)).position).toBe(0);
      await member.close();
      expect(await startProcess("owner", [path]).line()).toBe("owned 0");
    },
  );

  test(
    "what was acknowledged stays when the disk takes no more, and the log goes on when it does again",
    { timeout: timeoutMs },
    async () => {
      const { path, log } = await withTopics();
      await log.close();
      const producer = startWithFileLimit("producer", [path, "0", "1000000", "2000"], 2_000);
      const lines = await producer.rest();
      const failures = lines.flatMap((line, index) => (line.startsWith("failed") ? [index] : []));
      expect(lines[failures[0] ?? 0]).toMatch(/^failed LOG retryable: log .*: the disk .* full/);
      // The WAL was full first, and emptied into the log's own file it had room for another try.
      expect(failures.length).toBeGreaterThan(1);
      expect((failures[1] ?? 0) - (failures[0] ?? 0)).toBeGreaterThan(20);
      const acknowledged = numberOf(lines.findLast((line) => line.startsWith("acknowledged"))) ?? 0;
      const after = await openLog(path);
      expect((await readAll(after, "in", acknowledged)).map((one) => textOf(one).trimEnd())).toEqual(
        Array.from({ length: acknowledged }, (_, n) => `${n}`),
      );
      const more = startProcess("producer", [path, `${acknowledged}`, `${acknowledged + 10}`]);
      await more.rest();
      expect((await after.offsets("in"))[0]?.endOffset).toBe(acknowledged + 10);
    },
  );
});

/** Consumes all numbers, by owners that are killed. Gives how many were. */
async function consumeThrough(path: string, total: number): Promise<number> {
  let kills = 0;
  for (let reached = 0; reached < total; kills += 1) {
    const owner = startProcess("owner", [path]);
    expect(await owner.line()).toMatch(/^owned \d+$/);
    reached = await followUntil(owner, total, 10 + kills);
    await owner.kill();
  }
  return kills;
}

/** Appends all numbers, by producers three of which are killed; each goes on after what the log has. */
async function produceThrough(path: string, log: Log, total: number): Promise<void> {
  let next = 0;
  for (let life = 0; next < total; life += 1) {
    const producer = startProcess("producer", [path, `${next}`, `${total}`]);
    const heard = await followUntil(producer, total, life < 3 ? 60 : total);
    await producer.kill();
    const acknowledged = numberOf((await producer.rest()).at(-1)) ?? heard;
    next = (await log.offsets("in"))[0]?.endOffset ?? 0;
    // What was acknowledged is there; a call that was cut off may be there too, but only whole.
    expect(next).toBeGreaterThanOrEqual(acknowledged);
    expect(next).toBeLessThanOrEqual(acknowledged + 5);
  }
}

/** Follows a process for some lines, or until one ends with `last`; gives the last line's number. */
async function followUntil(followed: TestProcess, last: number, mostLines: number): Promise<number> {
  let reached = 0;
  for (let lines = 0; lines < mostLines && reached < last; lines += 1) {
    const line = await followed.line();
    if (line === undefined) break;
    reached = numberOf(line) ?? reached;
  }
  return reached;
}

function numberOf(line: string | undefined): number | undefined {
  return line === undefined ? undefined : Number(line.split(" ")[1]);
}
