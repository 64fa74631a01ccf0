import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openIsolate, openRealm } from "./realm-isolate.ts";

/** Ways to leave something behind. Each stands for one route by which JavaScript lets state outlive a call. */
const routes = [
  "kept = 1",
  "kept2 = { deep: [] }; kept2.deep.push(1)",
  "decode = function () { return 'left' }",
  "var v = 1; function f() {} f.state = 1",
  "Array = null",
  "JSON = {}",
  "undefined = 1",
  "Math.left = 1",
  "Math.max = null",
  "Date.now = function () { return 1 }",
  "Object.prototype.left = 1",
  "Object.prototype.toString = function () { return 'left' }",
  "Array.prototype[0] = 'left'",
  "Array.prototype.left = 1",
  "Object.defineProperty(Object.prototype, 'left', { get: function () { return 1 }, configurable: true })",
  "String.prototype.trim = function () { return 'left' }",
  "Function.prototype.left = 1",
  "Number.prototype[Symbol.toPrimitive] = null",
  "Symbol.left = 1; Symbol.for('left').description",
  "Map.prototype.get = null",
  "Object.getPrototypeOf([][Symbol.iterator]()).next = null",
  "Object.getPrototypeOf(function* () {}).left = 1",
  "Object.getPrototypeOf(Int8Array).left = 1",
  "RegExp.prototype.exec = null",
  "/(l)(e)ft/.exec('left')",
  "RegExp.input = 'left'",
  "'left'.replace(/(f)/, 'x')",
  "Error.prototype.left = 1",
  "Error.stackTraceLimit = 0",
  "Error.prepareStackTrace = function () { return 'left' }",
  "new Error('left').stack",
  "Error.captureStackTrace(kept3 = {})",
  "Object.getOwnPropertyDescriptor(new Error, 'stack').get.left = 1",
  "Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.left = 1",
  "console.left = 1",
  "console.log('left')",
  "console.log = null",
  "Buffer.left = 1",
  "Buffer.poolSize = 1",
  "Buffer.prototype.left = 1",
  "Buffer.alloc(8).fill(7)",
  "new TextDecoder().decode(new Uint8Array([0xe2]), { stream: true })",
  "TextEncoder.prototype.left = 1",
  "Math.random(); Math.random()",
  "Intl.DateTimeFormat.prototype.left = 1",
  "new Intl.DateTimeFormat().format.left = 1",
  "(function () { return arguments.callee.caller })",
  "Reflect.setPrototypeOf(Object.prototype, {})",
  "Object.freeze(kept4 = [])",
  "structuredClone.left = 1",
  "Proxy.left = 1",
  "new Proxy(Math, {}).left = 1",
  "Reflect.set(Math, 'left', 1)",
  "class A { static left = 1 }",
  "Object.setPrototypeOf(Math, { left: 1 })",
  "Object.setPrototypeOf(Array.prototype, null)",
  "delete Array.prototype.map",
  "Array.prototype.constructor = function () {}",
  "Array.prototype[Symbol.iterator] = null",
  "Array.prototype.length = 3",
  "[].constructor = 1",
  "delete Object.keys",
  "(function tag(s) { s.left = 1 })`x`",
  "isNaN.left = 1",
  "__proto__ = { left: 1 }",
  "constructor = 1",
  "hasOwnProperty = null",
  "(0, eval)('left = 1')",
  "new WeakMap().set(Array.prototype, 1)",
  "DataView.prototype.left = 1",
  "throw new Error('left')",
  "this.left = 1",
  "globalThis.left = 1",
  "globalThis.Array = null",
  "delete globalThis.Array",
  "Object.defineProperty(globalThis, 'left', { value: 1 })",
  "Object.getPrototypeOf(globalThis).left = 1",
  "Object.setPrototypeOf(Object.getPrototypeOf(globalThis), { left: 1 })",
  "Object.setPrototypeOf(globalThis, { left: 1 })",
  "Reflect.defineProperty(Object.getPrototypeOf(globalThis), 'left', { value: 1, configurable: true })",
  "Object.preventExtensions(Object.getPrototypeOf(globalThis))",
  "Iterator.prototype.left = 1",
  "Object.getPrototypeOf(Object.getPrototypeOf(new Intl.Segmenter().segment(''))).left = 1",
  "DisposableStack.left = 1",
];

const names = "kept,kept2,kept3,kept4,left,decode,v,f,A";

/** Everything that a later event could notice. */
const probe = `
  var seen = {};
  function note(name, look) { try { var v = look(); seen[name] = typeof v === 'function' ? 'function ' + v.name : v } catch (e) { seen[name] = e.name + ': ' + e.message } }
  ${names
    .split(",")
    .map((name) => `note('typeof ${name}', function () { return typeof ${name} });`)
    .join("\n")}
  [Object, Array, Math, JSON, Date, String, Number, Function, Map, Set, Symbol, RegExp, Error, Buffer, Buffer.prototype, console, Proxy, Intl, TextEncoder.prototype,
    Object.prototype, Array.prototype, Function.prototype, Map.prototype, Error.prototype, RegExp.prototype, isNaN, structuredClone, Iterator.prototype, DataView.prototype,
    Object.getPrototypeOf(Int8Array), Object.getPrototypeOf(function* () {}), Object.getPrototypeOf([][Symbol.iterator]()), DisposableStack].forEach(function (o, i) {
    note('own ' + i, function () { return Object.getOwnPropertyNames(o).map(String).sort().join() + typeof o.left + Object.prototype.toString.call(o) });
    note('parent ' + i, function () { var p = Object.getPrototypeOf(o); return p === null ? 'null' : p === Object.prototype ? 'O' : p === Function.prototype ? 'F' : 'other' });
  });
  note('species', function () { return [[].constructor === Array, Array.isArray([1].map(String)), Array.prototype.length, [...[1, 2]]] });
  note('getter', function () { return [Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.left, Object.getOwnPropertyDescriptor(new Error, 'stack').get.left] });
  note('statics', function () { return [RegExp.$1, RegExp.$2, RegExp.input, RegExp.lastMatch, RegExp.leftContext, RegExp.rightContext, RegExp.lastParen] });
  note('random', function () { return [Math.random(), Math.random()] });
  note('clock', function () { return [Date.now(), new Date().getTime(), Date()] });
  note('work', function () { return [[3, 1].map(String).join('-'), ' a '.trim(), /b(.)/.exec('abc')[1], 'x-y'.split('-'), JSON.stringify({ a: [1] }), Math.max(1, 2), [].concat([1])[0], Object.keys({ k: 1 })] });
  note('buffer', function () { return [Array.from(Buffer.alloc(8)), Buffer.from('ok').toString('hex'), Buffer.poolSize] });
  note('decoder', function () { return new TextDecoder().decode(new Uint8Array([0x82, 0xac])) });
  note('stack', function () { return new Error('m').stack.split('\\n').length > 1 });
  note('format', function () { return new Intl.DateTimeFormat('en-US').format.left });
  note('tag', function () { return (function (s) { return s.left })\`x\` });
  note('call', function () { return (function () { return [typeof constructor, typeof hasOwnProperty, typeof __proto__] })() });
  console.log('probe');
  return seen`;

const event = { timeMs: 1_700_000_000_000, seed: "org\ntemplate\nprobe", capture: "on" } as const;

describe("an event in a sealed realm", () => {
  const isolate = openIsolate();
  const untouched = openRealm("fresh", isolate).run(probe, event);
  const guarded = (route: string): string => `try { ${route} } catch (e) {}`;

  it("is not noticed by the next one, whichever way it leaves state", () => {
    const sealed = openRealm("sealed", isolate);
    const probing = sealed.compile(probe);
    expect(probing(event)).toEqual(untouched);
    for (const route of routes) {
      sealed.run(guarded(route), { seed: "before", capture: "on" });
      expect(probing(event), route).toEqual(untouched);
    }
  });

  it("is not noticed by the next one, whichever ways it combines", () => {
    const sealed = openRealm("sealed", isolate);
    const probing = sealed.compile(probe);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(routes, { minLength: 2, maxLength: 12 }),
        fc.boolean(),
        (chosen, strict) => {
          sealed.run(`${strict ? "'use strict';" : ""}${chosen.map(guarded).join("\n")}`, {
            seed: "before",
            capture: "on",
          });
          expect(probing(event)).toEqual(untouched);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("leaves nothing in a context that is opened later in the same isolate", () => {
    openRealm("fresh", isolate).run(routes.map(guarded).join("\n"));
    expect(openRealm("fresh", isolate).run(probe, event)).toEqual(untouched);
    expect(openRealm("sealed", isolate).run(probe, event)).toEqual(untouched);
  });
});

describe("sealed and fresh realms", () => {
  const isolate = openIsolate();
  const sealed = openRealm("sealed", isolate);
  const key = fc.constantFrom(
    "a",
    "toString",
    "valueOf",
    "constructor",
    "hasOwnProperty",
    "name",
    "message",
    "map",
    "push",
    "length",
    "values",
    "keys",
    "0",
    "call",
    "toJSON",
  );
  const target = fc.constantFrom(
    "{}",
    "[]",
    "[1,2]",
    "new Error('e')",
    "function f(a) {}",
    "new Date(0)",
    "Object.create(null)",
    "new Map()",
    "'s'",
    "5",
    "class K {}",
    "new (class M extends Error {})('x')",
  );
  const given = fc.constantFrom("1", "'s'", "null", "undefined", "[]", "function () { return 'mine' }");
  const statement = fc.oneof(
    fc.tuple(key, given).map(([name, what]) => `o[${JSON.stringify(name)}] = ${what}`),
    fc.tuple(key, given).map(([name, what]) => `o = { ${JSON.stringify(name)}: ${what}, o: o }`),
    key.map((name) => `delete o[${JSON.stringify(name)}]`),
    key.map((name) => `r.push(typeof o[${JSON.stringify(name)}])`),
    key.map((name) => `o = Object.create(o); o.own = ${JSON.stringify(name)}`),
    fc.constantFrom(
      "r.push(String(o))",
      "r.push(JSON.stringify(o))",
      "r.push(Object.keys(o))",
      "for (k in o) r.push(k)",
      "g = (typeof g === 'undefined' ? 0 : g) + 1; r.push(g)",
      "r.push(o + '')",
      "o = Object.assign({}, o)",
      "o = structuredClone(o)",
      "r.push(Math.random(), Date.now())",
      "r.push(RegExp.$1, 'ab'.match(/(.)/)[1])",
    ),
  );

  it("give the same outcome to every script", () => {
    fc.assert(
      fc.property(target, fc.array(statement, { minLength: 1, maxLength: 8 }), (start, statements) => {
        const guarded = statements.map((each) => `try { ${each} } catch (e) { r.push(e.name) }`).join("\n");
        const source = `var o = ${start}, r = [], k;\n${guarded}\nreturn r`;
        expect(sealed.run(source, event), source).toEqual(openRealm("fresh", isolate).run(source, event));
      }),
      { numRuns: 150 },
    );
  });
});
