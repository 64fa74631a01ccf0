import { describe, expect, test } from "vitest";
import {
  anyOf,
  catalogOf,
  showing,
  shows,
  smallEngine,
  type SmallLine,
  type SmallTemplate,
} from "./small-engine.ts";

const engine = smallEngine();

/** Templates of all kinds: sealed and fresh realms, arrays, filters, refusals, random numbers, residue, warnings. */
const templates: Readonly<Record<string, SmallTemplate>> = {
  plain: { transform: showing },
  fresh: { decode: "function decode(p) { return this && p }", transform: showing },
  random: { transform: shows("[v, Math.random(), Math.random()]") },
  several: {
    transform:
      "function transform(n) { return Array.from({ length: n % 4 }, (_, i) => ({ eventType: 'x', data: { i } })) }",
  },
  refusing: { validate: "function validate(n) { return n % 3 > 0 }", transform: showing },
  throwing: {
    decode: "function decode(n) { if (n % 5 === 0) throw new Error('five ' + n); return n }",
    transform: showing,
  },
  counting: {
    decode:
      "var seen = 0;\nfunction decode(n) { seen += 1; total = (typeof total === 'number' ? total : 0) + n; return [seen, total] }",
    transform: showing,
  },
  patching: {
    decode: "function decode(n) { Array.prototype.last ??= () => n; return [n, [].last()] }",
    transform: showing,
  },
  lost: {
    transform: "function transform(n) { return { eventType: 'x', data: { n, gone: n % 2 ? NaN : 1 } } }",
  },
  broken: { decode: "function decode(" },
};

const names = Object.keys(templates);
const tree = catalogOf(templates, {
  "acme/assets.json": names.map((name) => ({ assetId: name, templateId: name })),
});

/** Lines in a jumble of assets, one unknown among them; each has an id, so that its place in the input says nothing. */
const lines: readonly SmallLine[] = Array.from({ length: 121 }, (_, n) => ({
  assetId: [...names, "nobody"][(n * 7) % (names.length + 1)],
  eventId: `e${n}`,
  payload: n,
}));

const byId = (line: SmallLine): string => (line as { eventId: string }).eventId;

/** The outcome of each event without what says where in the input it stood. */
async function outcomesOf(input: readonly SmallLine[]): Promise<ReadonlyMap<string, string>> {
  const outcomes = await engine.runCatalog(tree, input);
  return new Map(
    outcomes.map(({ text }, index) => [
      byId(input[index] as SmallLine),
      text.replace(/"offset":\d+/, '"offset":0'),
    ]),
  );
}

describe("every raw event", () => {
  test("gets exactly one outcome: standard (with one or more events), filtered or rejected", async () => {
    const outcomes = await engine.runCatalog(tree, lines);
    expect(outcomes).toHaveLength(lines.length);
    const kinds = Map.groupBy(outcomes, ({ outcome }) => outcome);
    expect([...kinds.keys()].sort()).toEqual(["filtered", "rejected", "standard"]);
    for (const { outcome, event, events, eventId, rejection } of outcomes) {
      const shown = [event ?? events, eventId, rejection].filter((part) => part !== undefined);
      expect(shown, outcome).toHaveLength(1);
      if (events !== undefined) expect(events.length).toBeGreaterThan(0);
    }
  });
});

describe("an outcome is a function of the raw record and the template, and of nothing else:", () => {
  test("not of the run", async () => {
    expect(await outcomesOf(lines)).toEqual(await outcomesOf(lines));
  });

  test("not of the events before and after it", async () => {
    const together = await outcomesOf(lines);
    expect(await outcomesOf(lines.toReversed())).toEqual(together);
    const shuffled = lines.toSorted((a, b) => (byId(a) < byId(b) ? -1 : 1));
    expect(await outcomesOf(shuffled)).toEqual(together);
    for (const line of lines.filter((_, index) => index % 16 === 0)) {
      const [[id, text] = []] = await outcomesOf([line]);
      expect(text).toBe(together.get(id ?? ""));
    }
  });

  test("of the asset's attributes", async () => {
    const template = { transform: shows("metadata.attributes") };
    for (const attributes of [{ offset: 1 }, { offset: 2 }]) {
      const assets = { "acme/assets.json": [{ assetId: "a1", templateId: "t", attributes }] };
      const [outcome] = await engine.runCatalog(catalogOf({ t: template }, assets), [{ payload: 1 }]);
      expect(outcome?.event?.data["v"]).toEqual(attributes);
    }
  });

  test("of the limits", async () => {
    const template = { transform: shows("'x'.repeat(500)") };
    expect((await engine.one({ ...template, limits: { outputBytes: 2000 } })).outcome).toBe("standard");
    expect((await engine.one({ ...template, limits: { outputBytes: 500 } })).outcome).toBe("rejected");
  });
});

describe("with crossings of three events", () => {
  const narrow = smallEngine({ crossingEvents: 3 });

  test("the outcomes are the same as with crossings of hundreds", async () => {
    const outcomes = await narrow.runCatalog(tree, lines);
    expect(outcomes).toEqual(await engine.runCatalog(tree, lines));
  });
});

/** Summer in Europe, winter in the south: a zone other than UTC would show. */
const time = "2025-07-01T12:34:56.789Z";

describe("the clock is the event's time", () => {
  test("in every stage, and while files are loaded", async () => {
    const template = {
      decode: "const loaded = Date.now();\nfunction decode() { return [loaded, Date.now()] }",
      validate: "function validate(v) { v.push(Date.now()) }",
      transform: shows("[...v, Date.now()]"),
    };
    const ms = Date.parse(time);
    expect(await engine.shown(template, { payload: 1, time })).toEqual([ms, ms, ms, ms]);
  });

  test("of each event, not of the one before", async () => {
    const times = ["2025-01-01T00:00:00.000Z", "1999-12-31T23:59:59.999Z", "2025-01-01T00:00:00.000Z"];
    const outcomes = await engine.run(
      { transform: shows("new Date().toISOString()") },
      times.map((each) => ({ payload: 1, time: each })),
    );
    expect(outcomes.map(({ event }) => event?.data["v"])).toEqual(times);
  });
});

describe("`Math.random()`", () => {
  const random = { transform: shows("[Math.random(), Math.random(), Math.random()]") };
  const draw = async (line: object): Promise<unknown> =>
    engine.shown(random, { payload: 1, eventId: "e", ...line });

  test("gives the same numbers each time an event runs", async () => {
    expect(await draw({})).toEqual(await draw({ payload: 2, time }));
  });

  test("gives the documented numbers", async () => {
    expect(await draw({})).toEqual([0.8880925391203721, 0.008880568113675547, 0.9602849351237118]);
  });

  test("gives others for another event id", async () => {
    expect(await draw({ eventId: "f" })).not.toEqual(await draw({}));
  });

  test("gives others for another template, and for another org", async () => {
    const own = catalogOf({ t: random, other: random });
    const otherOrg = Object.fromEntries(
      Object.entries(own).map(([path, file]) => [path.replace("acme/", "other/"), file]),
    );
    const line = { payload: 1, eventId: "e" };
    const outcomes = await engine.runCatalog({ ...own, ...otherOrg }, [
      line,
      { ...line, assetId: "new", templateId: "other" },
      { ...line, orgId: "other" },
    ]);
    const drawn = outcomes.map(({ event }) => JSON.stringify(event?.data["v"]));
    expect(new Set(drawn).size).toBe(3);
  });

  test("goes on through the stages, from 0 up to 1", async () => {
    const template = {
      decode: "function decode() { return [Math.random()] }",
      transform: shows("[...v, Math.random(), Math.random()]"),
    };
    expect(await engine.shown(template, { payload: 1, eventId: "e" })).toEqual(await draw({}));
    const many = await engine.shown({
      transform: shows("Array.from({ length: 1000 }, () => Math.random())"),
    });
    for (const number of many as number[]) expect(number >= 0 && number < 1).toBe(true);
  });
});

/** Expressions, each with what it gives everywhere. */
type Reading = readonly [expression: string, expected: unknown];

async function read(readings: readonly Reading[], expression: string): Promise<unknown> {
  const transform = shows(anyOf(readings.map(([each]) => each)));
  return engine.shown({ transform }, { payload: 1, time, attributes: { chosen: expression } });
}

describe("the time zone is UTC", () => {
  const readings: readonly Reading[] = [
    ["new Date(2025, 6, 1).toISOString()", "2025-07-01T00:00:00.000Z"],
    ["new Date().getTimezoneOffset()", 0],
    ["new Date().getHours()", 12],
    ["String(new Date())", "Tue Jul 01 2025 12:34:56 GMT+0000 (Coordinated Universal Time)"],
    ["new Date('2025-07-01T00:00').getTime()", Date.UTC(2025, 6, 1)],
    ["Intl.DateTimeFormat().resolvedOptions().timeZone", "UTC"],
  ];

  test.each(readings)("%s", async (expression, expected) => {
    expect(await read(readings, expression)).toEqual(expected);
  });
});

describe("the locale is en-US", () => {
  const readings: readonly Reading[] = [
    ["Intl.DateTimeFormat().resolvedOptions().locale", "en-US"],
    ["Intl.NumberFormat().resolvedOptions().locale", "en-US"],
    ["(1234567.891).toLocaleString()", "1,234,567.891"],
    ["new Date(0).toLocaleDateString()", "1/1/1970"],
    ["['z', 'ä', 'a'].sort(new Intl.Collator().compare)", ["a", "ä", "z"]],
    ["['z', 'ä', 'a'].sort((a, b) => a.localeCompare(b))", ["a", "ä", "z"]],
  ];

  test.each(readings)("%s", async (expression, expected) => {
    expect(await read(readings, expression)).toEqual(expected);
  });
});
