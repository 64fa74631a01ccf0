import { describe, expect, test } from "vitest";
import type { SandboxEvent } from "../../src/sandbox/port.ts";
import { openSandbox } from "../../src/sandbox/sandbox.ts";
import { executorPids, isAlive, until } from "./executor-pids.ts";
import { pidsOf, sandboxForTest } from "./open-sandbox.ts";
import { sandboxOptions } from "./sandbox-options.ts";
import { eventOf, shownBy, shows, templateOf, textsOf } from "./small-template.ts";

const numbered = (count: number): SandboxEvent[] =>
  Array.from({ length: count }, (_none, n) => eventOf(n, { n }));

describe("a sandbox", () => {
  test("gives results in the order of the events, of a group larger than a crossing too", async () => {
    const sandbox = await sandboxForTest({ executors: 2, crossingEvents: 7 });
    const results = await sandbox.run(await templateOf(shows("p.n")), numbered(100));
    expect(results.map(shownBy)).toEqual(Array.from({ length: 100 }, (_none, n) => n));
    const { executors } = await sandbox.stats();
    const crossings = executors.reduce((sum, { crossings: own }) => sum + own, 0);
    expect(crossings).toBeGreaterThanOrEqual(Math.ceil(100 / 7));
  });

  test("gives nothing for no events", async () => {
    const sandbox = await sandboxForTest();
    expect(await sandbox.run(await templateOf(shows("p.n")), [])).toEqual([]);
  });

  test("keeps templates apart that are asked for at the same time", async () => {
    const sandbox = await sandboxForTest({ executors: 2 });
    const templates = await Promise.all(
      ["a", "b", "c", "d"].map((templateId) =>
        templateOf(shows(`["${templateId}", p.n]`), {
          templateId,
          orgId: templateId < "c" ? "acme" : "globex",
        }),
      ),
    );
    const shown = await Promise.all(
      templates.map(async (template) => (await sandbox.run(template, numbered(20))).map(shownBy)),
    );
    const expected = (templateId: string): unknown =>
      Array.from({ length: 20 }, (_none, n) => [templateId, n]);
    expect(shown).toEqual(["a", "b", "c", "d"].map(expected));
  });

  test("counts crossings, events, isolates and states", async () => {
    const sandbox = await sandboxForTest({ executors: 2, spareIsolates: 1, crossingEvents: 16 });
    const template = await templateOf(shows("p.n"));
    expect((await sandbox.stats()).executors.map(({ state }) => state)).toEqual(["idle", "idle"]);
    await sandbox.run(template, numbered(16));
    const { executors, isolates, kills, recycled } = await sandbox.stats();
    expect(executors.map(({ crossings }) => crossings).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(executors.map(({ events }) => events).toSorted((a, b) => a - b)).toEqual([0, 16]);
    expect(isolates).toEqual({ spare: 1, busy: 0, idle: 1 });
    expect([kills, recycled]).toEqual([{}, {}]);
  });
});

describe("orgs", () => {
  const curious = {
    transform: `
      var left;
      function transform(p, metadata) {
        const seen = [typeof left, typeof mine, typeof Array.org, [].last === undefined ? "clean" : [].last];
        left = mine = metadata.orgId;
        try { Function("return this")().stolen = 1 } catch {}
        return { eventType: "seen", data: { v: seen } };
      }`,
  };

  test.each(["sealed", "fresh"] as const)("see nothing of each other in a %s realm", async (realm) => {
    // With one isolate at most, an executor takes every shortcut that there is between two orgs.
    for (const isolatesPerExecutor of [1, 8]) {
      const sandbox = await sandboxForTest({ isolatesPerExecutor, spareIsolates: 2 });
      const templates = await Promise.all(
        ["acme", "globex"].map((orgId) => templateOf(curious, { orgId, realm })),
      );
      for (let round = 0; round < 3; round += 1) {
        for (const template of templates) {
          const results = await sandbox.run(template, numbered(3));
          const clean = ["undefined", "undefined", "undefined", "clean"];
          expect(results.map(shownBy)).toEqual([clean, clean, clean]);
        }
      }
      const { isolates, recycled } = await sandbox.stats();
      expect(isolates["idle"]).toBe(isolatesPerExecutor === 1 ? 1 : 2);
      expect(recycled).toEqual(isolatesPerExecutor === 1 ? { evicted: 5 } : {});
    }
  });

  test("that poison every built-in of their realm leave the next org's as it was", async () => {
    const sandbox = await sandboxForTest({ isolatesPerExecutor: 1 });
    const poison = `function transform(p) {
      globalThis.left = 1; Array.prototype.last = "seen"; Object.prototype.toString = () => "poisoned";
      JSON.parse = JSON.stringify = Math.random = Date.now = () => "poisoned";
      return { eventType: "x", data: { v: String({}) } };
    }`;
    const probe = shows(
      "[typeof left, [].last === undefined, String({}), typeof Math.random(), JSON.stringify([1])]",
    );
    const [one, other] = [
      await templateOf({ transform: poison }),
      await templateOf(probe, { orgId: "globex" }),
    ];
    for (let round = 0; round < 2; round += 1) {
      expect((await sandbox.run(one, numbered(2))).map(shownBy)).toEqual(["poisoned", "poisoned"]);
      const clean = ["undefined", true, "[object Object]", "number", "[1]"];
      expect((await sandbox.run(other, numbered(2))).map(shownBy)).toEqual([clean, clean]);
    }
  });
});

describe("closing a sandbox", () => {
  test("leaves no process, and everything after it is refused with CLOSED", async () => {
    const sandbox = await sandboxForTest({ executors: 2 });
    const pids = await pidsOf(sandbox);
    expect(pids).toHaveLength(2);
    await sandbox.close();
    expect(pids.map(isAlive)).toEqual([false, false]);
    const run = sandbox.run(await templateOf(shows("p.n")), numbered(1));
    await expect(run).rejects.toMatchObject({ code: "CLOSED" });
    await sandbox.close();
  });

  test("while a script will not end refuses its events with CLOSED and starts no other executor", async () => {
    const before = executorPids();
    const sandbox = await sandboxForTest();
    const endless = "function transform() { const a = []; a.length = 2 ** 32 - 1; a.indexOf(1) }";
    const run = sandbox.run(await templateOf({ transform: endless }), numbered(5));
    const refused = expect(run).rejects.toMatchObject({ code: "CLOSED" });
    await sandbox.close();
    await refused;
    await until("no executor is left", () => executorPids().length === before.length);
  });

  test("while suspects run apart ends those executors too", async () => {
    const sandbox = await sandboxForTest();
    const loops = "function transform(p) { if (p.n === 1) for (;;); return { eventType: 'x', data: p } }";
    const template = await templateOf({ transform: loops }, { limits: { stageCpuMs: 60_000 } });
    const before = executorPids();
    const run = sandbox.run(template, numbered(3));
    const refused = expect(run).rejects.toMatchObject({ code: "CLOSED" });
    const [pid] = before as [number];
    process.kill(pid, "SIGKILL");
    // The executor that replaces it, and the one for the suspects.
    await until("suspects run apart", () => executorPids().length === 2 && !executorPids().includes(pid));
    const pids = executorPids();
    await sandbox.close();
    await refused;
    expect(pids.map(isAlive)).toEqual([false, false]);
  });
});

test("a sandbox whose executors cannot start rejects with EXECUTOR and leaves no process", async () => {
  const options = await sandboxOptions({ executors: 2, guestBundle: "throw new Error('no guest')" });
  await expect(openSandbox(options)).rejects.toMatchObject({ code: "EXECUTOR" });
  await until("no executor is left", () => executorPids().length === 0);
});

test("a template that V8 refuses gives each of its events that fault, and costs no executor", async () => {
  const sandbox = await sandboxForTest();
  const template = await templateOf(shows("p.n"));
  const [file] = template.files;
  const broken = { ...template, fingerprint: "broken", files: [{ ...file!, code: "function transform( {" }] };
  const texts = textsOf(await sandbox.run(broken, numbered(3)));
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('"code":"SYNTAX_ERROR"');
  expect((await sandbox.run(template, numbered(1))).map(shownBy)).toEqual([0]);
  expect((await sandbox.stats()).kills).toEqual({});
});
