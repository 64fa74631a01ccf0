import { describe, expect, test } from "vitest";
import { catalogOf, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

/**
 * Scripts that look for what an event before them left, and leave it: what `left()` gives must be the same for the
 * first event and all that follow.
 */
const routes: Readonly<Record<string, string>> = {
  "a variable of the file": "let count = 0; function left() { return (count += 1) }",
  "a `var` of the file": "var count = 0; function left() { return (count += 1) }",
  "an implicit global": "function left() { const was = typeof mark; mark = 1; return was }",
  "a global of `globalThis`":
    "function left() { const was = globalThis.mark; globalThis.mark = 1; return was ?? null }",
  "a global of `this`": "function left() { const was = this.mark; this.mark = 1; return was ?? null }",
  "a property of a function": "function left() { const was = left.mark; left.mark = 1; return was ?? null }",
  "a table at the top level":
    "const table = { list: [] }; function left() { table.list.push(1); return table.list.length }",
  "a cache in a closure":
    "const cached = (() => { const cache = new Map(); return (k) => { const was = cache.size; cache.set(was, k); return was } })(); function left() { return cached(1) }",
  "a private static field":
    "class Counter { static #n = 0; static next() { return (Counter.#n += 1) } } function left() { return Counter.next() }",
  "a generator that goes on":
    "function* numbers() { let n = 0; for (;;) yield n++ } const all = numbers(); function left() { return all.next().value }",
  "the lastIndex of a regular expression":
    "const word = /a/g; function left() { word.test('aaaa'); return word.lastIndex }",
  "RegExp's statics":
    "function left() { const was = RegExp.$1 + RegExp.lastMatch + RegExp['$`']; /(mark)/.exec('a mark'); return was }",
  "RegExp.input": "function left() { const was = RegExp.input; RegExp.input = 'mark'; return was }",
  "a property of a prototype":
    "function left() { const was = [].mark; Array.prototype.mark = 1; return was ?? null }",
  "a property of Object.prototype":
    "function left() { const was = ({}).mark; Object.prototype.mark = 1; return was ?? null }",
  "a patched method":
    "function left() { const was = [1].map((n) => n + 1)[0]; Array.prototype.map = () => ['mark']; return was }",
  "a patched built-in of a name that is computed":
    "function left() { const was = [3].indexOf(3); const P = [].constructor.prototype; P['index' + 'Of'] = () => 'mark'; return was }",
  "a built-in that is replaced":
    "function left() { const was = typeof JSON.parse; JSON = { parse: 1 }; return was }",
  "a property of Math": "function left() { const was = Math.mark; Math.mark = 1; return was ?? null }",
  "a property of console":
    "function left() { const was = console.mark; console.mark = 1; return was ?? null }",
  "a property of Buffer": "function left() { const was = Buffer.mark; Buffer.mark = 1; return was ?? null }",
  "bytes of a pooled buffer":
    "function left() { const buffer = Buffer.allocUnsafe(64); const was = buffer.toString('hex'); buffer.fill(7); return was }",
  "a registered symbol":
    "function left() { const s = Symbol.for('mark'); const was = s in Object; try { Object[s] = 1 } catch {} return was }",
  "a frozen intrinsic":
    "function left() { const was = Object.isFrozen(Map.prototype); Object.freeze(Map.prototype); return typeof was }",
  "a template literal's strings":
    "function tag(strings) { return strings } function left() { const strings = tag`a`; const was = tag.mark; tag.mark = 1; return [strings[0], was ?? null] }",
  "Error.stackTraceLimit":
    "function left() { const was = Error.stackTraceLimit; try { Error.stackTraceLimit = 1 } catch {} return was }",
  "Error.prepareStackTrace":
    "function left() { try { Error.prepareStackTrace = () => 'mark' } catch {} return String(new Error('e').stack).includes('mark') }",
  "the number of calls of Math.random":
    "function left(id) { const was = Math.random(); Math.random(); return id === 'same' ? was : typeof was }",
  "the payload's memory":
    "function left(id, p) { const was = Object.keys(p).length; p.mark = 1; return was }",
  "arguments.callee":
    "function left() { const was = arguments.callee.mark; arguments.callee.mark = 1; return was ?? null }",
  "a console line": "function left() { console.log('mark'); return 1 }",
};

describe("one event never sees what another left, by", () => {
  test.each(Object.entries(routes))("%s", async (_route, script) => {
    const template = {
      decode: `${script}\nfunction decode(p, metadata) { return { first: left(metadata.eventId, p), again: left(metadata.eventId, p) } }`,
      transform: "function transform(v) { return { eventType: 'x', data: v } }",
    };
    const line = { payload: {}, eventId: "same", assetId: "debugged" };
    const outcomes = await engine.run(template, [line, line, line, line]);
    const [first] = outcomes;
    expect(first?.outcome).toBe("standard");
    for (const outcome of outcomes) expect(outcome).toEqual(first);
  });

  test("what another template of the org left", async () => {
    const leaving =
      "mark = 1; Array.prototype.mark = 1; globalThis.mark2 = 1; /(mark)/.exec('mark');\nfunction decode(p) { return p }";
    const looking = "function decode() { return [typeof mark, [].mark ?? null, typeof mark2, RegExp.$1] }";
    const transform = "function transform(v) { return { eventType: 'x', data: { v } } }";
    const tree = catalogOf(
      { leaving: { decode: leaving, transform }, looking: { decode: looking, transform } },
      {
        "acme/assets.json": [
          { assetId: "leaving", templateId: "leaving" },
          { assetId: "looking", templateId: "looking" },
        ],
      },
    );
    const order = ["looking", "leaving", "looking", "leaving", "looking"];
    const outcomes = await engine.runCatalog(
      tree,
      order.map((assetId) => ({ assetId, payload: 1 })),
    );
    for (const [index, { event }] of outcomes.entries()) {
      if (order[index] === "looking") expect(event?.data["v"]).toEqual(["undefined", null, "undefined", ""]);
    }
  });

  test("an event that failed", async () => {
    const decode =
      "function decode(p) { const was = [typeof mark, RegExp.$1]; mark = 1; /(mark)/.exec('mark'); if (p === 'bad') throw new Error('no'); if (p === 'deep') return decode(p); return was }";
    const transform = "function transform(v) { return { eventType: 'x', data: { v } } }";
    const payloads = ["good", "bad", "good", "deep", "good"];
    const outcomes = await engine.run(
      { decode, transform },
      payloads.map((payload) => ({ payload })),
    );
    for (const [index, { event }] of outcomes.entries()) {
      if (payloads[index] === "good") expect(event?.data["v"]).toEqual(["undefined", ""]);
    }
  });
});

describe("within one event", () => {
  test("the stages share implicit globals and prototypes, not variables", async () => {
    const template = {
      decode: "var own = 1; shared = 2; Array.prototype.third = 3;\nfunction decode(p) { return p }",
      transform:
        "function transform() { return { eventType: 'x', data: { v: [typeof own, shared, [].third] } } }",
    };
    expect(await engine.shown(template)).toEqual(["undefined", 2, 3]);
  });

  test("a file's top level runs once, whichever stages it serves", async () => {
    const source =
      "let runs = 0;\nruns += 1;\nexport function decode() { return (runs += 10) }\nexport function transform(v: number) { return { eventType: 'x', data: { v: [v, runs] } } }";
    expect((await engine.event({ source })).data["v"]).toEqual([11, 11]);
  });
});
