import { describe, expect, it } from "vitest";
import { openIsolate, openRealm } from "./realm-isolate.ts";

const isolate = openIsolate();

function changedBy(source: string): string[] {
  const realm = openRealm("fresh", isolate);
  realm.call("noteBuiltIns");
  realm.run(source);
  return realm.ask("changedBuiltIns");
}

describe("the built-ins that a script changed", () => {
  it.each([
    ["Array.prototype.last = function () {}", ["Array.prototype.last"]],
    ["String.prototype.trim = 1; delete Object.keys", ["Object.keys", "String.prototype.trim"]],
    ["Math = {}", ["Math"]],
    ["Array.prototype[Symbol.iterator] = 1", ["Array.prototype[Symbol.iterator]"]],
    ["Object.getPrototypeOf([][Symbol.iterator]()).next = 1", ["%ArrayIteratorPrototype%.next"]],
    ["Object.defineProperty(Map.prototype, 'size', { get: function () {} })", ["Map.prototype.size"]],
    ["Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.x = 1", ["get Map.prototype.size.x"]],
    ["Object.defineProperty(Date, 'now', { enumerable: true })", ["Date.now"]],
    ["Object.freeze(Reflect)", ["Reflect.apply"]],
    ["Object.preventExtensions(JSON)", ["Object.isExtensible(JSON)"]],
    ["Object.setPrototypeOf(Math, null)", ["Object.getPrototypeOf(Math)"]],
    ["Buffer.prototype.peek = 1", ["Buffer.prototype.peek"]],
    ["console.log = function () {}", ["console.log"]],
    [
      "Object.prototype.get = function () {}; Array.prototype.map = null",
      ["Object.prototype.get", "Array.prototype.map"],
    ],
  ])("are found after %s", (source, names) => {
    expect(changedBy(source)).toEqual(expect.arrayContaining(names));
  });

  it.each([
    "var a = 1; b = 2; this.c = 3; globalThis.d = 4",
    "[1].map(String); new Date(); Math.random(); 'a'.replace(/a/g, 'b')",
    "try { null.x } catch (e) { e.stack }",
    "Buffer.from('x').toString('hex'); console.log(1)",
  ])("are none after %s", (source) => expect(changedBy(source)).toEqual([]));

  it("are found however the script prepares for being looked at", () => {
    const source = `Array.prototype.push = Array.prototype.map = Object.getOwnPropertyDescriptor = Reflect.ownKeys = Object.is = function () { return [] };
      Reflect.getOwnPropertyDescriptor = function () {}; Object.defineProperty(Array.prototype, '0', { set: function () {}, configurable: true });
      Object.defineProperty(Object.prototype, 'value', { get: function () { return 1 } });`;
    expect(changedBy(source)).toEqual(
      expect.arrayContaining([
        "Array.prototype.push",
        "Reflect.ownKeys",
        "Array.prototype.0",
        "Object.prototype.value",
        "Object.is",
      ]),
    );
  });
});
