import { describe, expect, it } from "vitest";
import { openIsolate, openRealm } from "./realm-isolate.ts";

const isolate = openIsolate();
const realms = { fresh: openRealm("fresh", isolate), sealed: openRealm("sealed", isolate) };

describe.each(["fresh", "sealed"] as const)("a %s realm", (use) => {
  const realm = realms[use];
  const value = (source: string): unknown => realm.run(`return ${source}`).value;

  it.each([
    "eval",
    "Promise",
    "WeakRef",
    "FinalizationRegistry",
    "SharedArrayBuffer",
    "Atomics",
    "WebAssembly",
    "ShadowRealm",
    "Temporal",
    "AsyncDisposableStack",
    "setTimeout",
    "setImmediate",
    "queueMicrotask",
    "require",
    "process",
    "global",
    "fetch",
    "performance",
    "__test",
    "gc",
  ])("has no %s", (name) => {
    expect(value(`[typeof ${name}, "${name}" in globalThis]`)).toEqual(["undefined", false]);
  });

  it.each(["Array.fromAsync", "JSON.rawJSON", "JSON.isRawJSON"])("has no %s", (name) => {
    expect(value(`typeof ${name}`)).toBe("undefined");
  });

  it.each([
    "Function('return 1')",
    "new Function('return 1')",
    "Reflect.construct(Function, ['return 1'])",
    "(function () {}).constructor('return 1')",
    "(class {}).constructor('return 1')",
    "(() => 1).constructor('return 1')",
    "[].constructor.constructor('return 1')()",
    "[].map.constructor('return 1')",
    "Object.getPrototypeOf(function () {}).constructor('return 1')",
    "(function* () {}).constructor('yield 1')",
    "Object.getPrototypeOf(function* () {}).constructor('yield 1')",
    "Object.getPrototypeOf(Object.getPrototypeOf(function* () {}).constructor).constructor('return 1')",
    "Object.getPrototypeOf(async function () {}).constructor('return 1')",
    "Object.getPrototypeOf(async function* () {}).constructor('return 1')",
    "new (class extends Function {})('return 1')",
    "Function.bind(null)('return 1')",
    "Function.call(null, 'return 1')",
    "Reflect.getOwnPropertyDescriptor(Map.prototype, 'size').get.constructor('return 1')",
    "Error.prepareStackTrace.constructor('return 1')",
    "console.log.constructor('return 1')",
    "Buffer.constructor('return 1')",
    "Buffer.from.constructor.constructor('return 1')",
  ])("makes no code from text by %s", (source) => {
    expect(realm.run(`var made = ${source}; return made`).thrown).toMatch(
      /^(EvalError: \w+ is not available|TypeError: )/,
    );
  });

  it("keeps Function as a name that works with instanceof", () => {
    const source =
      "[function () {}, class {}, () => 1, Math.max, Date, Function, function* () {}].map(function (f) { return f instanceof Function })";
    expect(value(source)).toEqual([true, true, true, true, true, true, true]);
    expect(
      value("[Function.name, Function.length, Function.prototype === Object.getPrototypeOf(Date)]"),
    ).toEqual(["Function", 1, true]);
  });

  it("has nothing that yields a promise", () => {
    const source = `
      var found = [], seen = new Set();
      (function walk(v, path) {
        if ((typeof v !== 'object' && typeof v !== 'function') || v === null || seen.has(v)) return;
        seen.add(v);
        if (typeof v.then === 'function' || /Promise|Async/.test(path)) found.push(path);
        Reflect.ownKeys(v).forEach(function (k) {
          var d = Reflect.getOwnPropertyDescriptor(v, k);
          walk(d.value, path + '.' + String(k)); walk(d.get, path + '.get ' + String(k)); walk(d.set, path + '.set ' + String(k));
        });
        walk(Object.getPrototypeOf(v), path + '.^');
      })(globalThis, '');
      return found`;
    expect(realm.run(source).value).toEqual([]);
  });

  it("makes promises inert even where syntax gives one", () => {
    const source = `var p = (async function () { return 1 })(), own = Object.getPrototypeOf(p);
      var g = (async function* () { yield 1 })();
      return [typeof p.then, typeof p.constructor, Reflect.ownKeys(own).length, typeof g.next, typeof g[Symbol.asyncIterator]]`;
    expect(realm.run(source).value).toEqual(["undefined", "function", 0, "undefined", "undefined"]);
  });
});
