import { describe, expect, it } from "vitest";
import { openIsolate, openRealm, type TestRealm } from "./realm-isolate.ts";

const isolate = openIsolate();
const open = (): TestRealm => openRealm("sealed", isolate);
const realm = open();
const value = (source: string): unknown => realm.run(source).value;

describe("a sealed realm", () => {
  it("leaves no object unfrozen that a script could reach", () => {
    // Three properties of Array.prototype stay writable for the sake of speed and are put back after each event.
    expect(realm.ask("unfrozen")).toEqual(["Array.prototype"]);
    expect(realm.ask("reachable").length).toBeGreaterThan(900);
  });

  it.each([
    "Array.prototype.last = 1",
    "Object.prototype.toString = 1",
    "Object.prototype.extra = 1",
    "Math.random = 1",
    "Math.extra = 1",
    "JSON.stringify = 1",
    "Date.now = 1",
    "Error.prototype.name = 1",
    "Error.stackTraceLimit = 5",
    "Buffer.prototype.x = 1",
    "console.log = 1",
    "Array = 1",
    "undefined = 1",
    "Function.prototype.call = 1",
    "RegExp.prototype.exec = 1",
    "delete Array.prototype.map",
    "delete Array.prototype.constructor",
    "Array.prototype.constructor = 1",
    "Array.prototype.length = 5",
    "Array.prototype[0] = 1",
    "Array.prototype[Symbol.iterator] = 1",
    "Object.defineProperty(Array.prototype, 'constructor', { get: function () {} })",
    "delete Object.keys",
    "Object.prototype.__proto__ = {}",
    "Map.prototype.get.extra = 1",
  ])("lets `%s` change nothing", (attack) => {
    const own = open();
    own.call("noteBuiltIns");
    own.run(`try { ${attack} } catch (e) {}`);
    own.run(
      `'use strict'; try { ${attack.replace(/^(Array|undefined) = 1$/, "Math.q = 1")} } catch (e) {}`.replace(
        "delete Object.keys",
        "Math.q = 1",
      ),
    );
    expect(own.ask("changedBuiltIns")).toEqual([]);
  });

  it.each([
    ["Object.defineProperty", "Object.defineProperty(Array.prototype, 'x', { value: 1 })"],
    ["Reflect.set", "if (Reflect.set(Math, 'x', 1)) changed = true"],
    ["setPrototypeOf", "Object.setPrototypeOf(Array.prototype, null)"],
    ["a getter's own property", "Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.x = 1"],
    ["an accessor of an error", "Object.getOwnPropertyDescriptor(new Error, 'stack').get.x = 1"],
    ["an anonymous prototype", "Object.getPrototypeOf([][Symbol.iterator]()).next = 1"],
    ["the generator prototype", "Object.getPrototypeOf(function* () {}).prototype.next = 1"],
    ["the iterator helper prototype", "Object.getPrototypeOf([].values().map(x => x)).next = 1"],
    [
      "the thrower of arguments",
      "Object.getOwnPropertyDescriptor((function () { 'use strict'; return arguments })(), 'callee').get.x = 1",
    ],
    [
      "a setter that sealing put there",
      "Object.getOwnPropertyDescriptor(Object.prototype, 'toString').set.x = 1",
    ],
    ["a function constructor", "(function* () {}).constructor.x = 1"],
    ["__defineGetter__", "Object.prototype.__defineGetter__('x', function () {})"],
    ["an error class of Buffer", "try { Buffer.alloc(1).readDoubleLE(3) } catch (e) { e.constructor.x = 1 }"],
    ["an Intl formatter's class", "new Intl.NumberFormat().constructor.prototype.format = 1"],
    ["the bound format function's parent", "Object.getPrototypeOf(new Intl.DateTimeFormat().format).x = 1"],
  ])("cannot be changed by %s", (_name, attack) => {
    const own = open();
    own.call("noteBuiltIns");
    own.run(`try { ${attack} } catch (e) {}`);
    expect(own.ask("changedBuiltIns")).toEqual([]);
    expect(own.run("return [typeof changed, 'x' in Array.prototype, 'x' in Math, 'x' in {}]").value).toEqual([
      "undefined",
      false,
      false,
      false,
    ]);
  });

  it("keeps implicit globals for one event", () => {
    const event = realm.compile(
      "var had = typeof count; count = (had === 'number' ? count : 0) + 1; list = [count]; return [had, count, list, typeof toString]",
    );
    for (let i = 0; i < 3; i++) expect(event().value).toEqual(["undefined", 1, [1], "function"]);
  });

  it("treats implicit globals as plain sloppy code does", () => {
    expect(value("a = 1; a += 2; a++; return [a, typeof a, typeof b]")).toEqual([4, "number", "undefined"]);
    expect(value("for (i in { x: 1 }); f = function () { return typeof this }; return [i, f()]")).toEqual([
      "x",
      "object",
    ]);
    expect(value("try { missing } catch (e) { return [e.name, e.message] }")).toEqual([
      "ReferenceError",
      "missing is not defined",
    ]);
    expect(
      value("hasOwnProperty = 5; valueOf = 6; return [hasOwnProperty, valueOf, {}.valueOf.name]"),
    ).toEqual([5, 6, "valueOf"]);
  });

  it("forgets what regular expressions last matched", () => {
    realm.run("/(b)/.exec('abc'); return RegExp.$1");
    expect(
      value("return [RegExp.$1, RegExp.lastMatch, RegExp.input, RegExp['$`'], RegExp[\"$'\"], RegExp['$+']]"),
    ).toEqual(["", "", "", "", "", ""]);
    realm.run("RegExp.input = 'kept'");
    expect(value("return RegExp.input")).toBe("");
  });

  it.each([
    [
      "toString of an object",
      "var o = {}; o.toString = function () { return 'mine' }; return [String(o), Object.keys(o), String({})]",
      ["mine", ["toString"], "[object Object]"],
    ],
    [
      "keys that come from data",
      "var o = {}; ['constructor', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'].forEach(function (k) { o[k] = k }); return o",
      {
        constructor: "constructor",
        valueOf: "valueOf",
        hasOwnProperty: "hasOwnProperty",
        isPrototypeOf: "isPrototypeOf",
      },
    ],
    [
      "keys on an array",
      "var a = [1]; ['values', 'map', 'find', 'push'].forEach(function (k) { a[k] = k }); return [a.values, a.map, a.push, Object.keys(a), typeof [].map]",
      ["values", "map", "push", ["0", "values", "map", "find", "push"], "function"],
    ],
    [
      "an array's constructor",
      "function A() {} A.prototype = Object.create(Array.prototype); A.prototype.constructor = A; var a = []; a.constructor = 1; return [new A().constructor === A, a.constructor, [].constructor === Array, [1].map(String)]",
      [true, 1, true, ["1"]],
    ],
    [
      "an error's name and message",
      "var e = new Error('x'); e.name = 'Mine'; e.message = 'y'; return [String(e), String(new Error('z')), Object.keys(e)]",
      ["Mine: y", "Error: z", ["name"]],
    ],
    [
      "a class in the old style",
      "function A() {} A.prototype = { f: 1 }; A.prototype.constructor = A; function B() {} B.prototype = Object.create(Error.prototype); B.prototype.constructor = B; B.prototype.name = 'B'; B.prototype.toString = function () { return 'b!' }; return [new A().constructor === A, new B().constructor === B, new B().name, String(new B()), new B() instanceof Error]",
      [true, true, "B", "b!", true],
    ],
    [
      "a class in the new style",
      "class E extends Error { constructor(m) { super(m); this.name = 'E'; this.constructor = 1 } toString() { return 'e' } } return [new E('q').name, String(new E()), new E('q').message, new E().constructor]",
      ["E", "e", "q", 1],
    ],
    [
      "members of a function",
      "function F() {} F.call = 1; F.toString = function () { return 'f' }; F.constructor = 2; return [F.call, String(F), F.constructor, typeof F.bind]",
      [1, "f", 2, "function"],
    ],
    [
      "a date's methods",
      "var d = new Date(0); d.toJSON = function () { return 'j' }; d.valueOf = function () { return 9 }; return [JSON.stringify(d), +d, +new Date(0)]",
      ['"j"', 9, 0],
    ],
    [
      "a Buffer's methods",
      "var b = Buffer.from('a'); b.toString = function () { return 's' }; return [String(b), String(Buffer.from('b'))]",
      ["s", "b"],
    ],
    [
      "an object without prototype methods of its own",
      "var o = Object.create({ toString: 1 }); o.toString = 2; return [o.toString, Object.getPrototypeOf(o).toString]",
      [2, 1],
    ],
    ["a global function's name", "function toString() { return 't' } return toString()", "t"],
  ])("allows overriding %s", (_name, source, expected) => {
    const outcome = realm.run(source);
    expect(outcome.thrown).toBeUndefined();
    expect(outcome.value).toEqual(expected);
    expect(outcome.end).toBe("clean");
    expect(openRealm("fresh", isolate).run(source).value).toEqual(expected);
  });

  it("reports a script that would have changed a built-in, so that its outcome can be doubted", () => {
    expect(realm.run("Object.prototype.toString = 1").end).toBe("doubtful");
    expect(realm.run("Array.prototype.hasOwnProperty = 1").end).toBe("doubtful");
    expect(realm.run("TypeError.prototype.name = 'x'").end).toBe("doubtful");
    expect(
      realm.run("var o = Object.freeze({}); o.toString = 1; 'abc'.valueOf = 1; return typeof o.toString").end,
    ).toBe("clean");
  });

  it.each([
    ["Array.prototype.constructor = function () {}", "[].constructor === Array"],
    ["Array.prototype[Symbol.iterator] = Array.prototype.values.bind([])", "[...[1, 2]].length === 2"],
    ["Array.prototype.length = 5", "Array.prototype.length === 0"],
  ])("puts back what `%s` changed, and reports it", (change, holds) => {
    const own = open();
    expect(own.run(`${change}; return ${holds}`)).toMatchObject({ value: false, end: "doubtful" });
    expect(own.run(`return ${holds}`)).toMatchObject({ value: true, end: "clean" });
    expect(
      own.run(
        "try { Object.defineProperty(Array.prototype, 'constructor', { get: function () { ran = 1 } }) } catch (e) { return e.name }",
      ).value,
    ).toBe("TypeError");
  });

  it.each([
    ["/r/", "exec"],
    ["Buffer.alloc(1)", "slice"],
    ["new Uint8Array(1)", "map"],
    ["new WeakMap()", "get"],
  ])(
    "does not allow overriding on %s its %s: that would cost every script more than it helps one",
    (object, name) => {
      expect(value(`var o = ${object}, before = o.${name}; o.${name} = 1; return o.${name} === before`)).toBe(
        true,
      );
    },
  );

  it("passes over an assignment to a primitive or to a frozen object of the script's own", () => {
    expect(
      value(
        "var s = 'a', o = Object.freeze({}); s.toString = 1; o.toString = 1; (5).constructor = 1; return [String(s), typeof o.toString]",
      ),
    ).toEqual(["a", "function"]);
  });
});
