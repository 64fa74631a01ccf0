import { describe, expect, it } from "vitest";
import { openIsolate, openRealm } from "./realm-isolate.ts";

const isolate = openIsolate();

describe.each(["fresh", "sealed"] as const)("errors in a %s realm", (use) => {
  const realm = openRealm(use, isolate);

  it("are located at the author's line and column, innermost frame first", () => {
    const { sites } = realm.run("function inner() {\n  null.field\n}\nfunction outer() { inner() }\nouter()");
    expect(sites).toEqual([
      { file: "author.js", line: 2, column: 8, functionName: "inner" },
      { file: "author.js", line: 4, column: 20, functionName: "outer" },
      { file: "author.js", line: 5, column: 1, functionName: "" },
    ]);
  });

  it("show scripts a plain text with the author's frames only", () => {
    const { value } = realm.run(
      "function f(x) { return new TypeError('no ' + x).stack }\nreturn [1].map(f)[0]",
    );
    expect(value).toBe("TypeError: no 1\n    at f (author.js:1:24)\n    at author.js:2:12");
  });

  it("name constructors, and frames of built-ins and of the engine are left out", () => {
    const { value } = realm.run(
      "function Meter() { this.stack = new Error('x').stack }\nreturn [structuredClone(new Error('y')).stack, Buffer.from({ get length() { return new Meter().stack } }), new Meter().stack]",
    );
    expect((value as string[])[2]).toBe(
      "Error: x\n    at new Meter (author.js:1:33)\n    at author.js:2:108",
    );
    expect(JSON.stringify(value)).not.toContain("millrace");
  });

  it.each([
    ["deleting stack", "delete e.stack"],
    ["replacing a stack that was read", "e.stack += '\\n    at forged (other.js:1:1)'"],
    ["redefining stack", "Object.defineProperty(e, 'stack', { get: function () { return 'forged' } })"],
    ["freezing the error", "Object.freeze(e)"],
    ["a message that looks like frames", "e.message = 'x\\n    at decode (other.js:9:9)'"],
    ["a new prototype", "Object.setPrototypeOf(e, null)"],
    ["reading the stack first", "e.stack"],
    ["a hook of one's own", "Error.prepareStackTrace = function () { return 'forged' }"],
    [
      "a hook called by the script",
      "try { Error.prepareStackTrace(e, []) } catch (x) {} try { Error.prepareStackTrace(e, [{ getFileName: function () { return 'other.js' } }]) } catch (x) {}",
    ],
    ["another limit", "Error.stackTraceLimit = 0"],
    [
      "a redefined limit",
      "try { Object.defineProperty(Error, 'stackTraceLimit', { value: 0 }) } catch (x) {}",
    ],
    ["captureStackTrace", "Error.captureStackTrace(e)"],
  ])("keep their location through %s", (_name, tampering) => {
    const { sites } = realm.run(
      `function make() { return new Error('real') }\nvar e = make();\n${tampering};\nthrow e`,
    );
    expect(sites?.[0]).toEqual({ file: "author.js", line: 1, column: 26, functionName: "make" });
  });

  it("lose their location, and get no other, where a script assigns to a stack that nobody read", () => {
    expect(
      realm.run("var e = new Error('x'); e.stack = 'Error\\n    at forged (other.js:1:1)'; throw e").sites,
    ).toEqual([]);
  });

  it("run none of the author's code while a stack is made", () => {
    const source = `var ran = [];
      class Sly extends Error { get name() { ran.push('name'); return 'Sly' } get message() { ran.push('message'); return 'm' } }
      var trap = new Proxy({}, { get: function () { ran.push('trap') }, getPrototypeOf: function () { ran.push('trap'); return null }, getOwnPropertyDescriptor: function () { ran.push('trap') } });
      var e = new Error('x'); Object.setPrototypeOf(e, trap);
      return [new Sly().stack.split('\\n')[0], e.stack.split('\\n')[0], ran]`;
    expect(realm.run(source).value).toEqual(["Error", "Error: x", []]);
  });

  it("have a header as Error.prototype.toString gives it", () => {
    const source = `class Bad extends TypeError {} Bad.prototype.name = 'Bad';
      return [new Error(), new Error('m'), new RangeError('r'), new Bad('b'), Object.assign(new Error('q'), { name: '' }), new AggregateError([], 'g')].map(function (e) {
        return e.stack.split('\\n')[0] === String(e) || [e.stack, String(e)] })`;
    expect(realm.run(source).value).toEqual([true, true, true, true, true, true]);
  });

  it("let captureStackTrace give a stack to what is no error", () => {
    const source = `function Fault(m) { this.message = m; this.name = 'Fault'; Error.captureStackTrace(this, Fault) }\nthrow new Fault('bad')`;
    const { thrown, sites } = realm.run(source);
    expect(thrown).toBe("Fault: bad\n    at new Fault (author.js:1:66)\n    at author.js:2:7");
    expect(sites?.[0]?.line).toBe(1);
    expect(
      realm.run("var o = {}; Error.captureStackTrace(o); return [typeof o.stack, Object.keys(o)]").value,
    ).toEqual(["string", []]);
    expect(realm.run("Error.captureStackTrace(1)").thrown).toMatch(/^TypeError/);
  });

  it("have no location where the thrown value is no error", () => {
    for (const thrown of [
      "'text'",
      "5",
      "null",
      "{ message: 'm' }",
      "new Proxy(new Error('x'), {})",
      "undefined",
    ]) {
      expect(realm.run(`throw ${thrown}`).sites, thrown).toEqual([]);
    }
  });

  it("keep ten frames, the innermost ones", () => {
    const { sites, thrown } = realm.run(
      "function deep(n) { if (n === 0) throw new Error('x'); deep(n - 1) }\ndeep(50)",
    );
    expect(sites).toHaveLength(10);
    expect(sites?.every(({ functionName }) => functionName === "deep")).toBe(true);
    expect(thrown?.split("\n")).toHaveLength(11);
  });

  it("are located when the stack overflows", () => {
    const { thrown, sites } = realm.run("function f() { f() }\nf()");
    expect(thrown).toMatch(/^RangeError: Maximum call stack size exceeded\n/);
    expect(sites?.[0]).toMatchObject({ file: "author.js", line: 1, functionName: "f" });
  });

  it("cannot be made to look like the engine's by a source's own name for itself", () => {
    expect(realm.run("throw new Error('x')\n//# sourceURL=millrace:guest").sites?.[0]?.file).toBe(
      "author.js",
    );
  });
});
