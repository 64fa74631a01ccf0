import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunnableTemplate, Sandbox } from "../../src/sandbox/port.ts";
import { openSandbox } from "../../src/sandbox/sandbox.ts";
import { sandboxForTest } from "../sandbox/open-sandbox.ts";
import { sandboxOptions } from "../sandbox/sandbox-options.ts";
import { eventOf, shownBy, shows, templateOf, textsOf } from "../sandbox/small-template.ts";
import { bombTemplate, type Bomb, type BombPayload } from "./bombs.ts";
import { effort } from "./effort.ts";

async function run(
  sandbox: Sandbox,
  template: RunnableTemplate,
  payloads: readonly BombPayload[],
): Promise<string[]> {
  const events = payloads.map((payload) => eventOf(payload.n, payload, { debug: "on" }));
  return textsOf(await sandbox.run(template, events));
}

const calm = (payloads: readonly BombPayload[]): BombPayload[] => payloads.map(({ n }) => ({ n }));

/** Time enough to fill the memory that they may have. */
const memoryLimits = { stageCpuMs: 5_000, memoryBytes: 16 * 2 ** 20 };
const timeLimits = { stageCpuMs: 40 };

/** A bomb, where it goes off, in which realm, and what the event is rejected as. */
type Failure = readonly [
  bomb: Bomb,
  at: NonNullable<BombPayload["at"]>,
  realm: RunnableTemplate["realm"],
  type: "timeout" | "memory",
];

const some: readonly Failure[] = [
  ["loop", "decode", "sealed", "timeout"],
  ["overrun", "transform", "fresh", "timeout"],
  ["objects", "validate", "fresh", "memory"],
  ["map", "output", "sealed", "memory"],
  ["split", "validate", "sealed", "memory"],
];
const everyFailure: readonly Failure[] = (["loop", "overrun", "objects", "map", "split"] as const).flatMap(
  (bomb) =>
    (["decode", "validate", "transform", "output"] as const).flatMap((at) =>
      (["sealed", "fresh"] as const).map((realm): Failure => [
        bomb,
        at,
        realm,
        bomb === "loop" || bomb === "overrun" ? "timeout" : "memory",
      ]),
    ),
);

describe("an event that cannot be contained", { timeout: effort.timeoutMs }, () => {
  /** A sandbox in which nothing ever fails: what it gives is what the others must. */
  let undisturbed: Sandbox;
  beforeAll(async () => {
    undisturbed = await openSandbox(await sandboxOptions());
  });
  afterAll(() => undisturbed.close());

  test.each(effort.failures === "all" ? everyFailure : some)(
    "(%s at %s, in a %s realm) is rejected `%s` there, and its neighbours do not notice",
    async (bomb, at, realm, type) => {
      const limits = type === "memory" ? memoryLimits : timeLimits;
      const template = await templateOf(bombTemplate, { limits, realm });
      const payloads: BombPayload[] = Array.from({ length: 10 }, (_none, n) => ({
        n,
        ...(n === 4 && { bomb, at }),
      }));
      const expected = await run(undisturbed, template, calm(payloads));
      const sandbox = await sandboxForTest();
      const texts = await run(sandbox, template, payloads);
      expect(texts.toSpliced(4, 1)).toEqual(expected.toSpliced(4, 1));
      expect(texts[4]).toContain(`"fault":{"stage":"${at}","type":"${type}","code":`);
      // The executors that are left serve what comes after.
      expect(await run(sandbox, template, calm(payloads))).toEqual(expected);
    },
  );

  test("is rejected in the first crossing of its template, at its end and as the only event too", async () => {
    const template = await templateOf(bombTemplate, { limits: timeLimits });
    const sandbox = await sandboxForTest();
    for (const [count, place] of [
      [5, 0],
      [5, 4],
      [1, 0],
    ] as const) {
      const payloads: BombPayload[] = Array.from({ length: count }, (_none, n) => ({
        n,
        ...(n === place && { bomb: "loop" as const, at: "validate" as const }),
      }));
      const expected = await run(undisturbed, template, calm(payloads));
      const texts = await run(sandbox, template, payloads);
      expect(texts.toSpliced(place, 1)).toEqual(expected.toSpliced(place, 1));
      expect(texts[place]).toContain('"stage":"validate","type":"timeout"');
    }
  });

  test("is told from others of its kind in the same crossing", async () => {
    const template = await templateOf(bombTemplate, { limits: timeLimits });
    const payloads: BombPayload[] = [
      { n: 0 },
      { n: 1, bomb: "loop", at: "decode" },
      { n: 2, bomb: "overrun", at: "output" },
      { n: 3 },
      { n: 4, bomb: "split", at: "transform" },
      { n: 5, bomb: "loop", at: "validate" },
      { n: 6 },
    ];
    const expected = await run(undisturbed, template, calm(payloads));
    const texts = await run(await sandboxForTest({ executors: 2 }), template, payloads);
    const faults = texts.map((text) => /"stage":"(\w+)","type":"(\w+)"/.exec(text)?.slice(1).join(" "));
    expect(faults).toEqual([
      undefined,
      "decode timeout",
      "output timeout",
      undefined,
      "transform memory",
      "validate timeout",
      undefined,
    ]);
    for (const good of [0, 3, 6]) expect(texts[good]).toBe(expected[good]);
  });

  test("costs other templates, of other orgs too, none of their outcomes", async () => {
    const sandbox = await sandboxForTest({ executors: 1 });
    const bad = await templateOf(bombTemplate, { limits: timeLimits });
    const others = await Promise.all(
      ["acme", "globex"].map((orgId) => templateOf(shows("p.n"), { orgId, templateId: "other" })),
    );
    const events = Array.from({ length: 50 }, (_none, n) => eventOf(n, { n }));
    const [texts, ...shown] = await Promise.all([
      run(sandbox, bad, [{ n: 0, bomb: "overrun", at: "decode" }, { n: 1 }]),
      ...others.map(async (other) => (await sandbox.run(other, events)).map(shownBy)),
    ]);
    expect(texts[0]).toContain('"type":"timeout"');
    const all = Array.from({ length: 50 }, (_none, n) => n);
    expect(shown).toEqual([all, all]);
  });

  test("whatever the mix and wherever it stands, convicts itself alone", async () => {
    const template = await templateOf(bombTemplate, { limits: timeLimits });
    const place = fc.record({
      bomb: fc.constantFrom("loop" as const, "overrun" as const, "split" as const),
      at: fc.constantFrom("decode" as const, "validate" as const, "transform" as const, "output" as const),
    });
    const mix = fc.array(
      fc.oneof({ weight: 12, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: place }),
      {
        minLength: 20,
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(mix, async (todo) => {
        const payloads = todo.map((what, n): BombPayload => ({ n, ...what }));
        const expected = await run(undisturbed, template, calm(payloads));
        const texts = await run(
          await sandboxForTest({ executors: 2, crossingEvents: 16 }),
          template,
          payloads,
        );
        for (const [index, { at, bomb }] of payloads.entries()) {
          // One that is refused or filtered before its bomb goes off has that outcome.
          const expectedText = expected[index] as string;
          const goesOff =
            at === "decode" ||
            at === "validate" ||
            (bomb && !/^\{"kind":"(fault|filtered)/.test(expectedText));
          if (!goesOff || bomb === undefined) expect(texts[index]).toBe(expectedText);
          else
            expect(texts[index]).toContain(
              `"stage":"${at}","type":"${bomb === "split" ? "memory" : "timeout"}"`,
            );
        }
      }),
      { numRuns: effort.mixes },
    );
  });
});

describe("an event that is slow and within its limits", { timeout: effort.timeoutMs }, () => {
  /** Turns of a loop that take about so much CPU here. */
  function turnsFor(cpuMs: number): number {
    const turns = 2e7;
    const before = process.threadCpuUsage();
    let sum = 0;
    for (let turn = 0; turn < turns; turn += 1) sum += turn % 7;
    const { user, system } = process.threadCpuUsage(before);
    expect(sum).toBeGreaterThan(0);
    return Math.round((turns * cpuMs * 1_000) / (user + system));
  }

  test("is not rejected, though its crossing is stopped", async () => {
    const turns = turnsFor(60);
    const burn = `function burn() { let sum = 0; for (let i = 0; i < ${turns}; i += 1) sum += i % 7; return sum; }`;
    const template = await templateOf(
      {
        decode: `${burn} function decode(p) { return { ...p, decoded: burn() }; }`,
        validate: `${burn} function validate(p) { p.validated = burn(); return true; }`,
        transform: `${burn} function transform(p) { return { eventType: "seen", data: { v: [p.n, burn()] } }; }`,
      },
      { limits: { stageCpuMs: 300 } },
    );
    const sandbox = await sandboxForTest();
    const results = await sandbox.run(
      template,
      [0, 1, 2, 3, 4].map((n) => eventOf(n, { n })),
    );
    expect(results.map((result) => (shownBy(result) as number[])[0])).toEqual([0, 1, 2, 3, 4]);
    expect((await sandbox.stats()).recycled).toMatchObject({ timeout: 1 });
  });
});
