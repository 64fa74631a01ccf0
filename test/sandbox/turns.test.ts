import { expect, test } from "vitest";
import type { SandboxEvent } from "../../src/sandbox/port.ts";
import { sandboxForTest } from "./open-sandbox.ts";
import { eventOf, shownBy, shows, templateOf } from "./small-template.ts";

/** Burns about so many milliseconds of CPU for each event. */
const busy = (rounds: string): string =>
  `function validate() { let x = 0; for (let i = 0; i < ${rounds}; i += 1) x += i % 7 }`;

const numbered = (count: number): SandboxEvent[] =>
  Array.from({ length: count }, (_none, n) => eventOf(n, { n }));

test("a lane that asks late does not wait for all that another has asked for", async () => {
  const sandbox = await sandboxForTest({ crossingEvents: 4 });
  const heavy = await templateOf({ ...shows("p.n"), validate: busy("2e5") }, { templateId: "heavy" });
  const light = await templateOf(shows("p.n"), { templateId: "light" });
  await sandbox.run(heavy, numbered(8), { lane: "ingest-0" });
  await sandbox.run(light, numbered(8), { lane: "ingest-1" });
  const finished: string[] = [];
  const flood = Array.from({ length: 100 }, async () => {
    await sandbox.run(heavy, numbered(4), { lane: "ingest-0" });
    finished.push("heavy");
  });
  const results = await sandbox.run(light, numbered(4), { lane: "ingest-1" });
  finished.push("light");
  await Promise.all(flood);
  expect(results.map(shownBy)).toEqual([0, 1, 2, 3]);
  // Those that were on their way already, and what shares the executor with them.
  expect(finished.indexOf("light")).toBeLessThan(10);
});

test("a slow template runs where the others do not wait for it, and gives the same", async () => {
  const sandbox = await sandboxForTest();
  const slow = await templateOf({ ...shows("p.n"), validate: busy("3e6") }, { templateId: "slow" });
  const before = (await sandbox.run(slow, numbered(6))).map(shownBy);
  for (let more = 0; more < 12; more += 1) await sandbox.run(slow, numbered(2));
  expect(sandbox.expectedEventMs(slow)).toBeGreaterThan(2);
  const { executors } = await sandbox.stats();
  expect(executors.map(({ state }) => state)).toEqual(["idle", "apart"]);
  const crossings = executors[0]?.crossings;
  expect((await sandbox.run(slow, numbered(6))).map(shownBy)).toEqual(before);
  expect((await sandbox.stats()).executors[0]?.crossings).toBe(crossings);
});

test("a template that is fast again comes back", async () => {
  const sandbox = await sandboxForTest();
  const validate = "function validate(p) { let x = 0; for (let i = 0; i < p.n; i += 1) x += i % 7 }";
  const template = await templateOf({ ...shows("p.n"), validate });
  const costing = (rounds: number): Promise<unknown> =>
    sandbox.run(template, [eventOf(rounds, { n: rounds })]);
  for (let more = 0; more < 12; more += 1) await costing(5e6);
  expect(sandbox.expectedEventMs(template)).toBeGreaterThan(2);
  for (let more = 0; more < 40; more += 1) await costing(1);
  const before = (await sandbox.stats()).executors[0]?.crossings ?? 0;
  await costing(1);
  expect((await sandbox.stats()).executors[0]?.crossings).toBe(before + 1);
});
