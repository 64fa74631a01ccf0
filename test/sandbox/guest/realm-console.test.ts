import { describe, expect, it } from "vitest";
import { openIsolate, openRealm } from "./realm-isolate.ts";

const isolate = openIsolate();

describe.each(["fresh", "sealed"] as const)("console in a %s realm", (use) => {
  const realm = openRealm(use, isolate);
  const lines = (source: string): readonly { level: string; text: string }[] => {
    const outcome = realm.run(source, { capture: "on" });
    expect(outcome.thrown).toBeUndefined();
    return outcome.console;
  };
  const text = (values: string): string => lines(`console.log(${values})`)[0]?.text ?? "";

  it("keeps level and text of each call, in order", () => {
    expect(
      lines(
        "console.log('a', 1); console.info('b'); console.warn(null); console.error(undefined, true); console.debug()",
      ),
    ).toEqual([
      { level: "log", text: "a 1" },
      { level: "info", text: "b" },
      { level: "warn", text: "null" },
      { level: "error", text: "undefined true" },
      { level: "debug", text: "" },
    ]);
  });

  it.each([
    [
      "{ a: 1, 'b-c': [1, 'x', { d: null }], [Symbol('s')]: 2 }",
      '{ a: 1, "b-c": [ 1, "x", { d: null } ], [Symbol(s)]: 2 }',
    ],
    ["[], {}, [,1], -0, 5n, Symbol('q')", "[] {} [ <empty>, 1 ] -0 5n Symbol(q)"],
    [
      "new Map([['k', new Set([1])]]), new Date(0), /x/gi",
      'Map(1) { "k" => Set(1) { 1 } } 1970-01-01T00:00:00.000Z /x/gi',
    ],
    [
      "new Date(NaN), function f() {}, () => 1, class A {}",
      "Invalid Date [Function: f] [Function] [Function: A]",
    ],
    [
      "Buffer.from([1, 255]), new Uint8Array(2), new ArrayBuffer(3)",
      "<Buffer 01 ff> Uint8Array(2) [ 0, 0 ] ArrayBuffer { byteLength: 3 }",
    ],
    ["Buffer.alloc(0), Buffer.alloc(52)", `<Buffer> <Buffer${" 00".repeat(50)} … 2 more bytes>`],
    ["new (class Point { constructor() { this.x = 1 } })(), Object.create(null)", "Point { x: 1 } {}"],
    ["[[[[[[1]]]]]], {a:{b:{c:{d:{e:1}}}}}", "[ [ [ [ [Array] ] ] ] ] { a: { b: { c: { d: [Object] } } } }"],
    [
      "new String('s'), new Number(1), Object(1n), new WeakMap()",
      '[String: "s"] [Number: 1] [BigInt: 1n] WeakMap {}',
    ],
    ["new Proxy({}, {}), { get a() { return 1 }, set b(v) {} }", "[Proxy] { a: [Getter], b: [Setter] }"],
    ["'%s is %d %i %j %% %x %c.', 'a', '5', 6.7, { k: 1 }, 'css', 'rest'", "a is 5 6 { k: 1 } % %x . rest"],
    ["'100%', 1", "100% 1"],
  ])("shows %s", (values, shown) => {
    expect(text(values)).toBe(shown);
  });

  it("shows cycles, and errors with the author's frames", () => {
    expect(lines("var o = { n: 1 }; o.self = o; console.log(o)")[0]?.text).toBe("{ n: 1, self: [Circular] }");
    expect(lines("console.log(new RangeError('bad'))")[0]?.text).toBe(
      "RangeError: bad\n    at author.js:1:13",
    );
  });

  it("keeps a failed assertion and no other", () => {
    expect(lines("console.assert(true, 'no'); console.assert(false, 'yes', 2)")).toEqual([
      { level: "error", text: "Assertion failed yes 2" },
    ]);
  });

  it("has the methods without an effect that scripts may call", () => {
    expect(
      lines(
        "['group', 'groupEnd', 'time', 'timeEnd', 'count', 'clear'].forEach(function (m) { console[m]('x') })",
      ),
    ).toEqual([]);
  });

  it("keeps at most 100 lines of an event and says that it cut", () => {
    const kept = lines("for (var i = 0; i < 1000; i++) console.log(i)");
    expect(kept).toHaveLength(101);
    expect(kept[99]?.text).toBe("99");
    expect(kept[100]).toEqual({
      level: "warn",
      text: "… cut: an event keeps at most 100 console lines and 16 KB",
    });
    expect(lines("console.log('again')")).toEqual([{ level: "log", text: "again" }]);
  });

  it.each([
    ["one long line", "console.log('x'.repeat(1e6))"],
    ["many lines", "for (var i = 0; i < 90; i++) console.log('\u20ac'.repeat(100))"],
    [
      "one big value",
      "console.log(Array.from({ length: 1e5 }, function (_, i) { return { i: i, text: 'y'.repeat(200) } }))",
    ],
    ["a long template", "console.log('%s'.repeat(1e5), 'x'.repeat(1e6))"],
  ])("keeps at most 16 KB of %s and says that it cut", (_name, source) => {
    const kept = lines(source);
    const all = kept.map((line) => line.text).join("");
    expect(Buffer.byteLength(all)).toBeLessThan(16_384 + 100);
    expect(Buffer.byteLength(all)).toBeGreaterThan(15_000);
    expect(kept.at(-1)?.text).toMatch(/cut: an event keeps at most 100 console lines and 16 KB$|…$/u);
  });

  const sly = `var ran = [];
    var seen = new Proxy(function () {}, new Proxy({}, { get: function (_, trap) { ran.push(trap) } }));
    var o = { get g() { ran.push('getter') }, toString: function () { ran.push('toString') }, toJSON: function () { ran.push('toJSON') }, [Symbol.toPrimitive]: function () { ran.push('toPrimitive') } };
    var named = Object.create(Object.create({}, { constructor: { get: function () { ran.push('constructor') } } }));
    var e = new Error('m'); Object.defineProperty(e, 'message', { get: function () { ran.push('message') } });
    var under = Object.create(seen);`;

  it("runs none of the author's code, so that what debug shows changes no outcome", () => {
    const source = `${sly} console.log(seen, o, [o], named, under, e, '%s %d %j', o, o, o); console.log('%s %d %j %i', o, o, seen, seen); console.table(o); console.dir(seen); return ran`;
    expect(realm.run(source, { capture: "on" }).value).toEqual([]);
    expect(realm.run(source, { capture: "off" }).value).toEqual([]);
  });

  it("keeps nothing and looks at nothing while capture is off", () => {
    const outcome = realm.run(
      `${sly} console.log(o, seen, 'x'.repeat(1e6)); console.error(named); return ran`,
    );
    expect(outcome).toMatchObject({ value: [], console: [] });
  });

  it("keeps no line for a later event", () => {
    realm.call("leaveConsoleLine");
    expect(realm.run("return 1").console).toEqual([]);
  });

  it("works as a bare function and shows what it is", () => {
    expect(lines("var log = console.log; [1, 2].forEach(function (x) { log(x) })")).toHaveLength(2);
    expect(realm.run("return [typeof console, Object.keys(console), console.log.name]").value).toEqual([
      "object",
      [],
      "log",
    ]);
  });
});

it("console works where an author has replaced what it could lean on", () => {
  const realm = openRealm("fresh");
  const source = `Array.prototype.push = Array.prototype.join = String.prototype.slice = JSON.stringify = Object.prototype.toString = function () { throw 1 };
    Object.defineProperty(Array.prototype, '0', { set: function () { stolen = true } });
    Object.defineProperty(Object.prototype, 'get', { get: function () { return function () {} } });
    Object.defineProperty(Object.prototype, 'value', { get: function () { return 'forged' } });
    console.log('a', { b: [1, new Map([[1, 2]])] }); return typeof stolen`;
  const outcome = realm.run(source, { capture: "on" });
  expect(outcome.console).toEqual([{ level: "log", text: "a { b: [ 1, Map(1) { 1 => 2 } ] }" }]);
  expect(outcome.value).toBe("undefined");
});
