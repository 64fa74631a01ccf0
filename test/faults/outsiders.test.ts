import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { RunnableTemplate, Sandbox } from "../../src/sandbox/port.ts";
import { executorPids, mainThreadCpuMs, until } from "../sandbox/executor-pids.ts";
import { pidsOf, sandboxForTest } from "../sandbox/open-sandbox.ts";
import { eventOf, templateOf, textsOf } from "../sandbox/small-template.ts";
import { effort } from "./effort.ts";

/** CPU that an executor has used once it is in the middle of a long event, milliseconds; its start takes less. */
const underWayMs = 700;

/** Waits for an executor to be in the middle of a long event. */
async function executorAtWork(): Promise<number> {
  const found = (): number | undefined => executorPids().find((pid) => mainThreadCpuMs(pid) > underWayMs);
  await until("an executor is at work", () => found() !== undefined, 60_000);
  return found() as number;
}

/** A template whose event takes `turns` of a loop where its payload asks for it. */
async function longTemplate(turns: string): Promise<RunnableTemplate> {
  const burn = `let sum = 0; if (p.long) for (let i = 0; i < ${turns}; i += 1) sum += i % 7;`;
  const transform = `function transform(p) { ${burn} return { eventType: "seen", data: { n: p.n, sum } }; }`;
  return templateOf({ validate: "function validate() {}", transform }, { limits: { stageCpuMs: 600_000 } });
}

const events = (long: "long" | "short") =>
  [0, 1, 2, 3, 4].map((n) => eventOf(n, { n, long: long === "long" && n === 2 }));

async function pidOf(sandbox: Sandbox): Promise<number> {
  const [pid] = await pidsOf(sandbox);
  return pid as number;
}

/** How many of the next five events go through a group's crossing, which none does while the template is on probation. */
async function inGroups(sandbox: Sandbox, template: RunnableTemplate): Promise<number> {
  const count = async (): Promise<number> =>
    (await sandbox.stats()).executors.find(({ state }) => state !== "apart")?.events ?? 0;
  const before = await count();
  await sandbox.run(template, events("short"));
  return (await count()) - before;
}

describe("an executor that an outsider", { timeout: effort.timeoutMs }, () => {
  test("froze, whether at work or idle, is replaced, and nobody is to blame", async () => {
    const template = await longTemplate("1e9");
    const [busy, idle] = [await sandboxForTest(), await sandboxForTest()];
    const calm = textsOf(await busy.run(template, events("short")));
    const [busyPid, idlePid] = [await pidOf(busy), await pidOf(idle)];
    process.kill(idlePid, "SIGSTOP");
    const byIdle = idle.run(template, events("short"));
    const byBusy = busy.run(template, events("long"));
    expect(await executorAtWork()).toBe(busyPid);
    process.kill(busyPid, "SIGSTOP");
    expect(textsOf(await byIdle)).toEqual(calm);
    const texts = textsOf(await byBusy);
    expect(texts.toSpliced(2, 1)).toEqual(calm.toSpliced(2, 1));
    expect(texts[2]).toMatch(/^one .*"n":2,"sum":2999999997/);
    for (const sandbox of [busy, idle]) {
      expect((await sandbox.stats()).kills).toEqual({ frozen: 1 });
      expect(await inGroups(sandbox, template)).toBe(5);
    }
  });

  test("froze for a moment goes on as if nothing had been", async () => {
    const template = await longTemplate("8e8");
    const sandbox = await sandboxForTest();
    const running = sandbox.run(template, events("long"));
    const pid = await executorAtWork();
    process.kill(pid, "SIGSTOP");
    await delay(1_000);
    process.kill(pid, "SIGCONT");
    expect(textsOf(await running)[2]).toMatch(/^one /);
    expect((await sandbox.stats()).kills).toEqual({});
  });

  test("killed in the middle of a crossing is replaced, and nobody is to blame", async () => {
    const template = await longTemplate("1e9");
    const sandbox = await sandboxForTest();
    const calm = textsOf(await sandbox.run(template, events("short")));
    const running = sandbox.run(template, events("long"));
    process.kill(await executorAtWork(), "SIGKILL");
    const texts = textsOf(await running);
    expect(texts.toSpliced(2, 1)).toEqual(calm.toSpliced(2, 1));
    expect(texts[2]).toMatch(/^one /);
    expect((await sandbox.stats()).kills).toEqual({ gone: 1 });
    expect(await inGroups(sandbox, template)).toBe(5);
  });
});

describe("an event whose executor is killed again and again", { timeout: effort.timeoutMs }, () => {
  async function runKilling(kills: number): Promise<{ readonly texts: string[]; readonly sandbox: Sandbox }> {
    const template = await longTemplate(kills > 4 ? "Infinity" : "1e9");
    const sandbox = await sandboxForTest();
    const running = sandbox.run(template, events("long"));
    const killed = new Set<number>();
    for (let kill = 0; kill < kills; kill += 1) {
      const pid = await executorAtWork();
      killed.add(pid);
      process.kill(pid, "SIGKILL");
      await until("it has ended", () => !executorPids().includes(pid));
    }
    expect(killed.size).toBe(kills);
    return { texts: textsOf(await running), sandbox };
  }

  test("has its outcome if it was alone in it twice", async () => {
    // Once in its group, once by itself in the org's isolate, twice in an isolate of its own.
    const { texts, sandbox } = await runKilling(4);
    expect(texts[2]).toMatch(/^one .*"sum":2999999997/);
    expect((await sandbox.stats()).kills).toEqual({ gone: 4 });
  });

  test("is rejected `internal`, where it was, if it was alone in it three times", async () => {
    const { texts, sandbox } = await runKilling(5);
    expect(texts[2]).toContain('"stage":"transform","type":"internal","code":"INTERNAL"');
    expect(texts.filter((text) => text.startsWith("one "))).toHaveLength(4);
    expect((await sandbox.stats()).kills).toEqual({ gone: 5 });
  });
});
