import { describe, expect, onTestFinished, test } from "vitest";
import type { OpenLink } from "../../src/sandbox/executor-link.ts";
import { executorProcesses } from "../../src/sandbox/executor-process.ts";
import { ExecutorSet } from "../../src/sandbox/executor-set.ts";
import type { CrossingAnswer } from "../../src/sandbox/executor.ts";
import type { RunnableTemplate } from "../../src/sandbox/port.ts";
import { guestBundle } from "../../src/script/guest-bundle.ts";
import { isAlive, until } from "./executor-pids.ts";
import { eventOf, shownBy, shows, templateOf } from "./small-template.ts";

const plentyMs = 60_000;

async function openSet(size: number, open: OpenLink = executorProcesses(8)): Promise<ExecutorSet> {
  const hello = {
    guestBundle: await guestBundle(),
    crossingEvents: 8,
    pool: { ceiling: 4, spares: 0, pressureBytes: 2 ** 40 },
  };
  const set = new ExecutorSet({ open, hello, size, residentLimitBytes: 2 ** 40 });
  onTestFinished(() => set.close());
  return set;
}

/** Crossings of one event each, all asked for at once. */
function runEach(set: ExecutorSet, template: RunnableTemplate, count: number): Promise<CrossingAnswer>[] {
  return Array.from({ length: count }, (_none, n) =>
    set.run({
      template,
      mode: "group",
      events: [eventOf(n, { n })],
      cpuDeadlineMs: plentyMs,
      lane: "",
      expectedUs: 10,
    }),
  );
}

const shown = (answer: CrossingAnswer): unknown =>
  answer.kind === "answered" ? shownBy(answer.results.results[0]) : answer.death.reason;

describe("a set of executors", () => {
  test("answers every crossing in its own place, and uses all its executors", async () => {
    const set = await openSet(2);
    await set.ready();
    const template = await templateOf(shows("p.n"));
    const answers = await Promise.all(runEach(set, template, 40));
    expect(answers.map(shown)).toEqual(Array.from({ length: 40 }, (_none, n) => n));
    const stats = await set.stats();
    expect(stats.map(({ stats: one }) => one?.crossings ?? 0).every((crossings) => crossings > 0)).toBe(true);
  });

  test("sends an org where it was before, as long as that executor is no busier than the others", async () => {
    const set = await openSet(2);
    await set.ready();
    const templates = await Promise.all(
      ["acme", "globex"].map((orgId) => templateOf(shows("p.n"), { orgId })),
    );
    for (let round = 0; round < 12; round += 1) {
      await Promise.all(templates.flatMap((template) => runEach(set, template, 1)));
    }
    const stats = await set.stats();
    expect(stats.map(({ stats: one }) => one?.isolates)).toEqual([
      { spare: 0, busy: 0, idle: 1 },
      { spare: 0, busy: 0, idle: 1 },
    ]);
  });

  test("replaces an executor that ends, and counts why it did", async () => {
    const set = await openSet(1);
    await set.ready();
    const template = await templateOf(shows("p.n"));
    for (let time = 1; time <= 3; time += 1) {
      const [pid] = set.pids as readonly [number];
      process.kill(pid, "SIGKILL");
      await until("it has ended", () => set.pids[0] !== pid);
      expect((await Promise.all(runEach(set, template, 3))).map(shown)).toEqual([0, 1, 2]);
      expect(set.kills()).toEqual({ gone: time });
    }
  });

  test("says that it cannot start when its first executors end before they are ready", async () => {
    const set = await openSet(2, (listener) => {
      const link = executorProcesses(8)(listener);
      link.kill();
      return link;
    });
    await expect(set.ready()).rejects.toMatchObject({ code: "EXECUTOR" });
  });

  test("goes on trying when executors end before they are ready, and then works", async () => {
    let started = 0;
    const set = await openSet(1, (listener) => {
      const link = executorProcesses(8)(listener);
      started += 1;
      if (started <= 3) link.kill();
      return link;
    });
    const answers = await Promise.all(runEach(set, await templateOf(shows("p.n")), 3));
    // What was sent to one that never began has not run, and comes back to be sent again.
    expect(answers.map((answer) => answer.kind === "answered" || !answer.death.started)).toEqual([
      true,
      true,
      true,
    ]);
    await until("one is ready", () => started > 3);
    expect((await Promise.all(runEach(set, await templateOf(shows("p.n")), 3))).map(shown)).toEqual([
      0, 1, 2,
    ]);
    expect(set.kills()).toEqual({ gone: 3 });
  });

  test("that is closed refuses what has not begun with CLOSED, and leaves no process", async () => {
    const set = await openSet(1);
    await set.ready();
    const pids = set.pids as readonly number[];
    const running = runEach(set, await templateOf(shows("p.n")), 6);
    const [settled] = await Promise.all([Promise.allSettled(running), set.close()]);
    const refused = settled.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: "CLOSED" } });
    expect(pids.map(isAlive)).toEqual([false]);
    await expect(runEach(set, await templateOf(shows("p.n")), 1)[0]).rejects.toMatchObject({
      code: "CLOSED",
    });
  });
});
