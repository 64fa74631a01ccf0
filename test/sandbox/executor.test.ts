import { describe, expect, onTestFinished, test } from "vitest";
import { executorProcesses } from "../../src/sandbox/executor-process.ts";
import { Executor, type CrossingAnswer, type DeathReason } from "../../src/sandbox/executor.ts";
import { stageMarks } from "../../src/sandbox/guest/slots.ts";
import type { SandboxEvent } from "../../src/sandbox/port.ts";
import { guestBundle } from "../../src/script/guest-bundle.ts";
import { isAlive, mainThreadCpuMs, until } from "./executor-pids.ts";
import { eventOf, shownBy, shows, templateOf } from "./small-template.ts";

interface Opened {
  readonly executor: Executor;
  readonly pid: number;
  readonly deaths: readonly DeathReason[];
}

async function open(residentLimitBytes = 2 ** 40): Promise<Opened> {
  const deaths: DeathReason[] = [];
  const hello = {
    guestBundle: await guestBundle(),
    crossingEvents: 8,
    pool: { ceiling: 4, spares: 0, pressureBytes: 2 ** 40 },
  };
  const executor = new Executor(executorProcesses(8), hello, residentLimitBytes, (reason) =>
    deaths.push(reason),
  );
  onTestFinished(() => executor.close());
  return { executor, pid: executor.pid as number, deaths };
}

/** More CPU than any crossing of these tests may need. */
const plentyMs = 60_000;
/** A stage that runs on in a built-in past every timeout, where the payload says so. */
const overrunning =
  "function validate(p) { if (p.overrun) { const a = []; a.length = 2 ** 32 - 1; a.indexOf(1) } }";

const shown = (answer: CrossingAnswer): unknown[] =>
  answer.kind === "answered" ? answer.results.results.map(shownBy) : [answer.death];

const numbered = (from: number, count: number): SandboxEvent[] =>
  Array.from({ length: count }, (_none, index) => eventOf(from + index, { n: from + index }));

describe("an executor", () => {
  test("answers the crossings that it was asked for", async () => {
    const { executor } = await open();
    const template = await templateOf(shows("p.n"));
    const other = await templateOf(shows("[p.n]"), { orgId: "globex" });
    const answers = await Promise.all([
      executor.run(template, "group", numbered(0, 3), plentyMs),
      executor.run(other, "single", numbered(3, 1), plentyMs),
      executor.run(template, "group", numbered(4, 2), plentyMs),
    ]);
    expect(answers.map(shown)).toEqual([[0, 1, 2], [[3]], [4, 5]]);
    expect(executor.answered).toBe(3);
    expect(executor.inFlight).toBe(0);
    expect(await executor.stats()).toMatchObject({ crossings: 3, events: 6 });
  });

  test("that somebody kills says which crossing had begun, and answers everything", async () => {
    const { executor, pid, deaths } = await open();
    const template = await templateOf({ ...shows("p.n"), validate: overrunning });
    await executor.run(template, "group", numbered(0, 1), plentyMs);
    const answers = [
      executor.run(template, "group", [eventOf(1, { overrun: true })], plentyMs),
      executor.run(template, "group", numbered(2, 2), plentyMs),
    ];
    const stats = executor.stats();
    const usedMs = mainThreadCpuMs(pid);
    await until("the crossing runs", () => mainThreadCpuMs(pid) > usedMs + 50);
    process.kill(pid, "SIGKILL");
    expect(await Promise.all(answers)).toMatchObject([
      { kind: "died", death: { reason: "gone", started: true } },
      { kind: "died", death: { reason: "gone", started: false } },
    ]);
    expect(await stats).toMatchObject({ crossings: 0 });
    expect([executor.dead, deaths]).toEqual([true, ["gone"]]);
    expect(await executor.run(template, "group", numbered(4, 1), plentyMs)).toMatchObject({
      kind: "died",
      death: { started: false },
    });
    expect(await executor.stats()).toBeUndefined();
  });

  test("that ends before it is ready has begun nothing", async () => {
    const { executor, pid } = await open();
    const answer = executor.run(await templateOf(shows("p.n")), "alone", numbered(0, 1), plentyMs);
    process.kill(pid, "SIGABRT");
    expect(await answer).toMatchObject({ kind: "died", death: { reason: "crash", started: false } });
    await expect(executor.ready()).rejects.toMatchObject({
      code: "EXECUTOR",
      message: expect.stringContaining("signal SIGABRT") as string,
    });
  });

  test("is ended when a crossing uses more CPU than it may, and the mark says where it was", async () => {
    const { executor, deaths } = await open();
    await executor.ready();
    const template = await templateOf({ ...shows("p.n"), validate: overrunning });
    const events = [eventOf(0, {}), eventOf(1, {}), eventOf(2, { overrun: true }), eventOf(3, {})];
    expect(await executor.run(template, "group", events, 400)).toMatchObject({
      kind: "died",
      death: {
        reason: "deadline",
        started: true,
        mark: { event: 2, stage: stageMarks.indexOf("validate") },
      },
    });
    expect(deaths).toEqual(["deadline"]);
  });

  test("does not count what its start costs as a crossing's", async () => {
    const { executor } = await open();
    const answer = await executor.run(await templateOf(shows("p.n")), "group", numbered(0, 1), 60);
    expect(shown(answer)).toEqual([0]);
  });

  test("is ended when it takes more memory than it may while it is busy", async () => {
    const { executor, deaths } = await open(2 ** 20);
    await executor.ready();
    const template = await templateOf({ ...shows("p.n"), validate: overrunning });
    expect(await executor.run(template, "group", [eventOf(1, { overrun: true })], plentyMs)).toMatchObject({
      kind: "died",
      death: { reason: "memory", started: true },
    });
    expect(deaths).toEqual(["memory"]);
  });

  test("that V8 gives up has crashed, and said before at which stage a lone event was", async () => {
    const { executor } = await open();
    const crashing = "function validate() { 'a'.repeat(2 ** 28).split('') }";
    const template = await templateOf({ ...shows("p.n"), validate: crashing });
    expect(await executor.run(template, "alone", numbered(1, 1), plentyMs)).toMatchObject({
      kind: "died",
      death: { reason: "crash", started: true, mark: { stage: stageMarks.indexOf("validate") } },
    });
  });

  test("does not carry the stage of one event over to the next", async () => {
    const { executor, pid } = await open();
    const template = await templateOf({ ...shows("p.n"), validate: overrunning });
    await executor.run(template, "alone", numbered(0, 1), plentyMs);
    const answer = executor.run(template, "group", [eventOf(1, { overrun: true })], plentyMs);
    const usedMs = mainThreadCpuMs(pid);
    await until("the crossing runs", () => mainThreadCpuMs(pid) > usedMs + 50);
    process.kill(pid, "SIGKILL");
    expect(await answer).toMatchObject({ death: { mark: undefined } });
  });

  test("that is closed answers first what it has begun, and leaves no process", async () => {
    const { executor, pid, deaths } = await open();
    const busy = "function validate() { let x = 0; for (let i = 0; i < 2e6; i += 1) x += i }";
    const template = await templateOf({ ...shows("p.n"), validate: busy });
    const answer = executor.run(template, "group", numbered(0, 2), plentyMs);
    await executor.close();
    expect(shown(await answer)).toEqual([0, 1]);
    expect([isAlive(pid), deaths]).toEqual([false, []]);
  });

  test("that is closed while a script will not end is ended, and says so", async () => {
    const { executor, pid } = await open();
    const template = await templateOf({ ...shows("p.n"), validate: overrunning });
    const answer = executor.run(template, "group", [eventOf(1, { overrun: true })], plentyMs);
    await executor.close();
    expect(await answer).toMatchObject({ kind: "died", death: { reason: "closed" } });
    expect(isAlive(pid)).toBe(false);
  });
});
