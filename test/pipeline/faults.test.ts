import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { catalogOf, showing, smallEngine, type SmallOutcome, type SmallTemplate } from "./small-engine.ts";

/** What is to be stopped for its memory needs some CPU time on its way, the more the busier the machine is. */
const engine = smallEngine({ stageCpuMs: 2000 });

const stages = ["decode", "validate", "transform", "output"] as const;

/** Three stages and the way out, each of which does its `bad` where the payload says its name. */
function badAt(bad: Readonly<Record<(typeof stages)[number], string>>, stageCpuMs: number): SmallTemplate {
  return {
    limits: { stageCpuMs },
    decode: `function decode(v) { if (v === 'decode') { ${bad.decode} } return v }`,
    validate: `function validate(v) { if (v === 'validate') { ${bad.validate} } }`,
    transform: `function transform(v) {
      if (v === 'transform') { ${bad.transform} }
      const data = v === 'output' ? { toJSON() { ${bad.output} } } : { v };
      return { eventType: 'seen', data };
    }`,
  };
}

/** Bad events among good ones. */
const payloads = [1, "decode", 2, 3, "validate", 4, "transform", 5, "output", 6];

function summary(outcomes: readonly SmallOutcome[]): readonly unknown[] {
  return outcomes.map(({ event, rejection }) =>
    rejection === undefined ? event?.data["v"] : `${rejection.type} ${rejection.code} at ${rejection.stage}`,
  );
}

async function runBad(template: SmallTemplate): Promise<readonly unknown[]> {
  const lines = payloads.map((payload) => ({ payload }));
  return summary(await engine.runCatalog(catalogOf({ t: template }), lines));
}

test("an event that does not end is `timeout` at its stage, and its neighbours keep their outcomes", async () => {
  const bad = {
    decode: "for (;;);",
    validate: "for (let s = '';;) s = /(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab');",
    transform: "for (;;) { try { for (;;); } catch {} finally { for (;;); } }",
    output: "for (;;) [3, 1, 2].sort();",
  };
  expect(await runBad(badAt(bad, 30))).toEqual(
    payloads.map((payload) => (typeof payload === "number" ? payload : `timeout CPU_LIMIT at ${payload}`)),
  );
});

describe("an event that takes more memory than it may", () => {
  const grow =
    "const list = []; for (;;) { const text = 'x'.repeat(2e7); text.charCodeAt(1); list.push(text); }";

  test("is `memory` at its stage, and its neighbours keep their outcomes", async () => {
    const bad = { decode: grow, validate: grow, transform: grow, output: grow };
    expect(await runBad(badAt(bad, 2000))).toEqual(
      payloads.map((payload) =>
        typeof payload === "number" ? payload : `memory MEMORY_LIMIT at ${payload}`,
      ),
    );
  });

  test("may take what its org's limit says, which is narrower than the deployment's", async () => {
    const decode = `function decode(mb) {
      const list = [];
      for (let i = 0; i < mb; i++) { const text = 'x'.repeat(2 ** 20 + i); text.charCodeAt(1); list.push(text); }
      return list.length;
    }`;
    const wide = catalogOf({ t: { decode, transform: showing } });
    const narrow = Object.fromEntries(
      Object.entries(wide).map(([path, file]) => [path.replace("acme/", "narrow/"), file]),
    );
    const tree = { ...wide, ...narrow, "narrow/org.json": { limits: { memoryMb: 8 } } };
    // V8 lends an isolate some 50 MB beyond its limit, so that what shall be refused must be well above it.
    const lines = [1, 60].map((payload) => ({ payload }));
    const narrowLines = [1, 90].map((payload) => ({ orgId: "narrow", payload }));
    const outcomes = await engine.runCatalog(tree, [...lines, ...narrowLines]);
    expect(summary(outcomes)).toEqual([1, 60, 1, "memory MEMORY_LIMIT at decode"]);
  });

  test("has a limit that a template cannot narrow", async () => {
    const template = { limits: { memoryMb: 8 }, transform: showing };
    expect(await engine.rejection(template)).toMatchObject({ code: "TEMPLATE_BROKEN" });
  });
});

test("a file that does not end while it is loaded gives each event of its template that rejection", async () => {
  const looping = (stage: string): SmallTemplate => ({
    limits: { stageCpuMs: 20 },
    transform: showing,
    [stage]: `function ${stage}() {}\nfor (;;);`,
  });
  const names = ["decode", "transform"];
  const templates = Object.fromEntries(names.map((stage) => [stage, looping(stage)]));
  const assets = names.map((name) => ({ assetId: name, templateId: name }));
  const tree = catalogOf(templates, { "acme/assets.json": assets });
  const outcomes = await engine.runCatalog(
    tree,
    ["decode", "transform", "decode"].map((assetId) => ({ assetId, payload: 1 })),
  );
  expect(summary(outcomes)).toEqual([
    "timeout CPU_LIMIT at decode",
    "timeout CPU_LIMIT at transform",
    "timeout CPU_LIMIT at decode",
  ]);
});

/** Each event takes a millisecond or so, so that a crossing of many is met at work. */
const busy = {
  decode: "function decode(n) { let sum = 0; for (let i = 0; i < 3e5; i++) sum += i % 7; return n }",
  transform: showing,
};
const busyPayloads = Array.from({ length: 800 }, (_, n) => n);

/** Kills the executor as often as asked, at times when crossings are under way, until the outcomes are there. */
async function killExecutor(times: number, outcomes: Promise<unknown>): Promise<number> {
  const ended = outcomes.then(
    () => "ended",
    () => "ended",
  );
  const killed = new Set<number>();
  while (killed.size < times && (await Promise.race([ended, wait(50)])) !== "ended") {
    for (const { pid, state } of (await engine.stats()).executors) {
      if (pid === null || state !== "busy" || killed.has(pid)) continue;
      process.kill(pid, "SIGKILL");
      killed.add(pid);
    }
  }
  return killed.size;
}

describe("a platform fault is retried, for as long as it takes:", () => {
  test("an executor that is killed again and again costs no event its outcome, nor its place", async () => {
    const lines = busyPayloads.map((payload) => ({ payload }));
    const running: Promise<SmallOutcome[]> = engine.runCatalog(catalogOf({ t: busy }), lines);
    expect(await killExecutor(2, running)).toBeGreaterThan(0);
    const outcomes = await running;
    expect(outcomes.map(({ event, text }) => event?.data["v"] ?? text)).toEqual(busyPayloads);
  });
});
