import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inNode } from "./in-node.ts";
import { openIsolate, openRealm } from "./realm-isolate.ts";

const isolate = openIsolate();
const timeMs = Date.UTC(2021, 4, 6, 7, 8, 9, 10);

describe.each(["fresh", "sealed"] as const)("the clock of a %s realm", (use) => {
  const realm = openRealm(use, isolate);
  const value = (source: string): unknown => realm.run(`return ${source}`, { timeMs }).value;

  it.each([
    "Date.now()",
    "new Date().getTime()",
    "+new Date",
    "new Date().constructor.now()",
    "new (Object.getPrototypeOf(new Date(0)).constructor)().getTime()",
    "Reflect.construct(Date, []).getTime()",
    "Reflect.construct(Date, [], Object).constructor === Object ? Date.now() : 0",
    "new (class extends Date {})().getTime()",
    "new (class extends Date { constructor() { super() } })().getTime()",
    "new (Date.bind(null))().getTime()",
    "Date.parse(new Date().toISOString())",
  ])("shows the event's time to %s", (source) => {
    expect(value(source)).toBe(timeMs);
  });

  it("shows the event's time to Date called as a function", () => {
    expect(value("[Date(), Date(5), Date.call({}, 1)]")).toEqual(
      Array.from({ length: 3 }, () => new Date(timeMs).toString()),
    );
  });

  it("shows the event's time to formatting without an argument", () => {
    const source = `var f = new Intl.DateTimeFormat('en-US', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' });
      return [f.format(), f.format(undefined), f.formatToParts().map(function (p) { return p.value }).join(''), [undefined].map(f.format)[0], f.format === f.format]`;
    const format = new Intl.DateTimeFormat("en-US", {
      dateStyle: "short",
      timeStyle: "medium",
      timeZone: "UTC",
    });
    const shown = format.format(timeMs);
    const parts = format
      .formatToParts(timeMs)
      .map((part) => part.value)
      .join("");
    expect(realm.run(source, { timeMs }).value).toEqual([shown, shown, parts, shown, true]);
  });

  it("moves from event to event and stands still within one", () => {
    const event = realm.compile(
      "var a = Date.now(); for (var i = 0; i < 1e5; i++) Math.sqrt(i); return [a, Date.now()]",
    );
    expect(event({ timeMs: 1 }).value).toEqual([1, 1]);
    expect(event({ timeMs: 2 }).value).toEqual([2, 2]);
  });

  it("is otherwise the Date that everyone knows", () => {
    const sources = [
      "[Date.length, Date.name, typeof Date.UTC, Object.getOwnPropertyNames(Date).sort(), Date.prototype.constructor === Date]",
      "[new Date(0) instanceof Date, Object.prototype.toString.call(new Date(0)), typeof new Date(0)]",
      "new (class X extends Date { year() { return this.getUTCFullYear() } })(86400000).year()",
      "new (class X extends Date {})(1).constructor.name",
      "[new Date(undefined), new Date(NaN), new Date('nope'), new Date(8.64e15 + 1)].map(String)",
      "[new Date(new Date(7)), new Date('2020-02-30'), new Date(2020, 0), new Date(99, 1, 2, 3, 4, 5, 6), new Date(2020, 1, 2, 3, 4, 5, 6, 7)]",
      "[new Date(1e12).toLocaleString('en-US', { timeZone: 'UTC' }), Date.UTC(2020, 1), Date.parse('2020-01-01T00:00:00Z'), JSON.stringify(new Date(0))]",
    ];
    for (const source of sources) expect(value(source), source).toEqual(inNode(`return ${source}`));
  });

  it("takes the same arguments as the Date of Node", () => {
    const part = fc.oneof(fc.integer({ min: -5, max: 3000 }), fc.constant(Number.NaN), fc.double());
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        const source = `return new Date(${parts.map((each) => (Object.is(each, -0) ? "-0" : String(each))).join(",")}).getTime()`;
        expect(realm.run(source).value).toEqual(inNode(source));
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(["fresh", "sealed"] as const)("Math.random of a %s realm", (use) => {
  const realm = openRealm(use, isolate);
  const draw = realm.compile("var a = []; for (var i = 0; i < 5; i++) a.push(Math.random()); return a");

  it("is a function of the seed and of nothing else", () => {
    const first = draw({ seed: "acme\nmeter\n7", timeMs: 1 }).value;
    draw({ seed: "other" });
    expect(draw({ seed: "acme\nmeter\n7", timeMs: 99 }).value).toEqual(first);
    expect(
      openRealm("fresh").run("var a = []; for (var i = 0; i < 5; i++) a.push(Math.random()); return a", {
        seed: "acme\nmeter\n7",
      }).value,
    ).toEqual(first);
    expect(draw({ seed: "acme\nmeter\n8" }).value).not.toEqual(first);
  });

  it("gives the sequence that the documentation describes", () => {
    expect(draw({ seed: "org\ntemplate\nevent" }).value).toEqual(
      documentedSequence("org\ntemplate\nevent", 5),
    );
    expect(draw({ seed: "" }).value).toEqual(documentedSequence("", 5));
  });

  it("is spread evenly over [0, 1), over calls and over seeds alike", () => {
    const overCalls = realm.run(
      "var n = []; for (var i = 0; i < 20000; i++) { var x = Math.random(); if (!(x >= 0 && x < 1)) throw x; n[x * 16 | 0] = (n[x * 16 | 0] || 0) + 1 } return n",
      { seed: "calls" },
    );
    const one = realm.compile("return Math.random()");
    const overSeeds = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < 4_000; i++) {
      const bucket = Math.floor((one({ seed: `line-${i}` }).value as number) * 16);
      overSeeds[bucket] = (overSeeds[bucket] ?? 0) + 1;
    }
    for (const [counts, expected] of [
      [overCalls.value as number[], 1_250],
      [overSeeds, 250],
    ] as const) {
      expect(counts).toHaveLength(16);
      for (const count of counts) expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});

/** xoshiro128** from four finished FNV-1a hashes, written again from its description and with BigInt. */
function documentedSequence(seed: string, count: number): number[] {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  const hash = (basis: bigint): bigint => {
    let h = basis;
    for (let i = 0; i < seed.length; i++) h = ((h ^ BigInt(seed.charCodeAt(i))) * 0x01000193n) & mask;
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
    return h ^ (h >> 16n);
  };
  const s = [hash(0x811c9dc5n), hash(0x811c9dc6n), hash(0x811c9dc7n), hash(0x811c9dc8n)] as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const next = (): bigint => {
    const result = (rotl((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return result;
  };
  return Array.from({ length: count }, () => Number(((next() >> 6n) << 27n) | (next() >> 5n)) / 2 ** 53);
}
