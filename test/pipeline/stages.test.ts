import { describe, expect, test } from "vitest";
import { anyOf, catalogOf, choosing, gives, showing, shows, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

describe("decode, validate, transform", () => {
  test("run in this order, each with what the one before it returned and the metadata", async () => {
    const template = {
      decode: "function decode(payload, metadata) { return ['decoded', payload, metadata.eventId] }",
      validate: "function validate(decoded, metadata) { return ['validated', decoded, metadata.eventId] }",
      transform: shows("['transformed', v, metadata.eventId]"),
    };
    expect(await engine.shown(template, { payload: 1, eventId: "e" })).toEqual([
      "transformed",
      ["validated", ["decoded", 1, "e"], "e"],
      "e",
    ]);
  });

  test("get two arguments", async () => {
    const template = {
      decode: "function decode() { return [arguments.length] }",
      validate: "function validate() { return [arguments[0][0], arguments.length] }",
      transform: "function transform(v) { return { eventType: 'x', data: { v: [...v, arguments.length] } } }",
    };
    expect(await engine.shown(template)).toEqual([2, 2, 2]);
  });

  test("may stand in one template.ts that exports them", async () => {
    const source = [
      "interface Reading { n: number }",
      "export function decode(payload: Reading): number { return payload.n }",
      "export const validate = (n: number): boolean => n > 0;",
      "export function transform(n: number) { return { eventType: 'x', data: { v: n * 2 } } }",
    ].join("\n");
    expect(await engine.event({ source }, { payload: { n: 21 } })).toMatchObject({ data: { v: 42 } });
    expect(await engine.rejection({ source }, { payload: { n: 0 } })).toMatchObject({
      code: "VALIDATE_REFUSED",
    });
  });
});

describe("a stage's function", () => {
  test("may be what `module.exports` is, or names", async () => {
    const whole = "module.exports = function (p) { return ['whole', p] }";
    expect(await engine.shown({ decode: whole })).toEqual(["whole", 1]);
    const named = "module.exports = { decode: (p) => ['named', p] };\nfunction decode() { return 'local' }";
    expect(await engine.shown({ decode: named })).toEqual(["named", 1]);
    const added = "exports.decode = (p) => ['added', p];";
    expect(await engine.shown({ decode: added })).toEqual(["added", 1]);
  });

  test("that `module.exports` is stands for each stage that names its file", async () => {
    const tree = catalogOf(
      { t: {} },
      {
        "acme/templates/t/template.json": { version: "1", decode: "both.js", transform: "both.js" },
        "acme/templates/t/both.js":
          "let calls = 0;\nmodule.exports = (v) => ({ eventType: 'x', data: { v, calls: (calls += 1) } });",
      },
    );
    const [outcome] = await engine.runCatalog(tree, [{ payload: 1 }]);
    expect(outcome?.event?.data).toEqual({ v: { eventType: "x", data: { v: 1, calls: 1 } }, calls: 2 });
  });

  test("may be a variable, a class's method, or an implicit global", async () => {
    for (const decode of [
      "const decode = (p) => ['found', p];",
      "let decode = (class { static decode(p) { return ['found', p] } }).decode;",
      "decode = (p) => ['found', p];",
    ])
      expect(await engine.shown({ decode })).toEqual(["found", 1]);
  });
});

describe("a stage left out passes its input on:", () => {
  test("decode", async () => {
    const validate = "function validate(v) { return { wrapped: v } }";
    expect(await engine.shown({ validate }, { payload: { a: 1 } })).toEqual({ wrapped: { a: 1 } });
  });

  test("validate", async () => {
    expect(await engine.shown({ decode: "function decode() { return 7 }" })).toBe(7);
  });

  test("transform", async () => {
    const decode = "function decode(p) { return { eventType: 'x', data: p } }";
    const [outcome] = await engine.run({ decode }, [{ payload: { a: 1 } }]);
    expect(outcome?.event).toMatchObject({ eventType: "x", data: { a: 1 } });
  });

  test("all three, so that what was sent leaves", async () => {
    const [one, several, none] = await engine.run({}, [
      { payload: { eventType: "x", data: { a: 1 } } },
      { payload: [{ eventType: "x", data: { a: 1 } }] },
      { payload: { a: 1 } },
    ]);
    expect(one?.event).toMatchObject({ eventType: "x", data: { a: 1 } });
    expect(several?.events).toMatchObject([{ eventId: "line-2.0", data: { a: 1 } }]);
    expect(none?.rejection).toMatchObject({ stage: "output", code: "BAD_EVENT_TYPE" });
  });
});

describe("values pass between stages as they are:", () => {
  const kinds = [
    ["a Date", "new Date(5)", "v instanceof Date && v.getTime() === 5"],
    ["a Map", "new Map([[1, 2]])", "v instanceof Map && v.get(1) === 2"],
    ["a Set", "new Set([1])", "v instanceof Set && v.has(1)"],
    ["a BigInt", "12n", "v === 12n"],
    ["undefined", "undefined", "v === undefined"],
    ["NaN", "NaN", "v !== v"],
    ["-0", "-0", "Object.is(v, -0)"],
    ["a Buffer", "Buffer.from('ab')", "Buffer.isBuffer(v) && v.toString() === 'ab'"],
    ["a typed array", "new Float32Array([1.5])", "v instanceof Float32Array && v[0] === 1.5"],
    ["a function", "(n) => n + 1", "v(1) === 2"],
    ["a regular expression", "/a/g", "v instanceof RegExp && v.flags === 'g'"],
    [
      "an instance of a class",
      "new (class Reading { get n() { return 3 } })()",
      "v.constructor.name === 'Reading' && v.n === 3",
    ],
    [
      "an object without a prototype",
      "Object.create(null, { a: { value: 1 } })",
      "Object.getPrototypeOf(v) === null && v.a === 1",
    ],
    ["a cycle", "(() => { const a = {}; a.a = a; return a })()", "v.a === v"],
    ["a symbol", "Symbol.iterator", "v === Symbol.iterator"],
    ["a sparse array", "[, 1]", "!(0 in v) && v.length === 2"],
  ] as const;

  test.each(kinds)("%s", async (_kind, value, holds) => {
    const template = {
      decode: `function decode() { return ${value} }`,
      validate: "function validate() { return true }",
      transform: shows(holds),
    };
    expect(await engine.shown(template)).toBe(true);
  });
});

describe("the payload", () => {
  test("reaches decode parsed where it is JSON, and is JSON without a `contentType`", async () => {
    const decode = "function decode(p) { return [typeof p, p.n] }";
    expect(await engine.shown({ decode }, { payload: { n: 1 } })).toEqual(["object", 1]);
    const payloadBase64 = Buffer.from('{"n":2}').toString("base64");
    const contentType = "application/senml+json; charset=utf-8";
    expect(await engine.shown({ decode }, { payloadBase64, contentType })).toEqual(["object", 2]);
  });

  test("reaches decode as a Buffer where it is anything else", async () => {
    const decode = "function decode(p) { return [Buffer.isBuffer(p), p.toString('hex')] }";
    expect(await engine.shown({ decode }, { payloadHex: "00ff" })).toEqual([true, "00ff"]);
    const text = { payload: "é", contentType: "text/plain" };
    expect(await engine.shown({ decode }, text)).toEqual([true, "c3a9"]);
    expect(await engine.shown({ decode }, { payloadBase64: "" })).toEqual([true, ""]);
  });

  test("has the media type of the event, else of the template, else application/octet-stream", async () => {
    const decode = "function decode(p) { return Buffer.isBuffer(p) ? 'bytes' : 'json' }";
    const template = { decode, contentType: "application/json" };
    expect(await engine.shown({ decode }, { payloadHex: "31" })).toBe("bytes");
    expect(await engine.shown(template, { payloadHex: "31" })).toBe("json");
    expect(await engine.shown(template, { payloadHex: "31", contentType: "image/png" })).toBe("bytes");
  });

  test.each([
    ["no JSON", "7b"],
    ["empty", ""],
    ["no UTF-8", "22ff22"],
    ["JSON behind a byte order mark", "efbbbf31"],
  ])("that should be JSON and is %s is `decode`/`envelope`/`PAYLOAD_NOT_JSON`", async (_what, payloadHex) => {
    const line = { payloadHex, contentType: "application/json" };
    const expected = { stage: "decode", type: "envelope", code: "PAYLOAD_NOT_JSON" };
    expect(await engine.rejection({ decode: "function decode() {}" }, line)).toMatchObject(expected);
    expect(await engine.rejection({ transform: showing }, line)).toMatchObject(expected);
  });

  test("is the event's own: what decode changes in it does not show in the rejection's record", async () => {
    const decode = "function decode(p) { p.fill(0); throw new Error('no') }";
    const rejection = await engine.rejection({ decode }, { payloadHex: "0102" });
    expect(rejection.record.payloadBase64).toBe(Buffer.from([1, 2]).toString("base64"));
  });
});

describe("a stage that throws", () => {
  test.each(["decode", "transform"])("in %s is `runtime`/`UNCAUGHT` at that stage", async (stage) => {
    const template = { transform: gives("1"), [stage]: `function ${stage}() { throw new TypeError('no') }` };
    expect(await engine.rejection(template)).toMatchObject({
      stage,
      type: "runtime",
      code: "UNCAUGHT",
      message: "TypeError: no",
      location: { file: `${stage}.js`, line: 1 },
    });
  });

  const thrown = [
    ["a string", "'just so'", "just so"],
    ["a number", "5", "threw 5"],
    ["undefined", "undefined", "threw undefined"],
    ["null", "null", "threw null"],
    ["an object with a message", "{ message: 'mine' }", "mine"],
    ["an object without one", "{}", "threw an object without a message"],
    ["an error whose message throws", "{ get message() { throw 1 } }", "threw an object that cannot be read"],
    ["a symbol", "Symbol('s')", "threw a symbol"],
  ] as const;

  test.each(thrown)("may throw what it likes: %s", async (_what, expression, message) => {
    const decode = `function decode(p, metadata) { throw ${anyOf(thrown.map((row) => row[1]))} }`;
    const rejection = await engine.rejection({ decode }, choosing(expression));
    expect(rejection).toMatchObject({ type: "runtime", code: "UNCAUGHT", message });
  });

  test.each(["decode", "validate", "transform"])(
    "while the file for %s is loaded is `runtime`/`UNCAUGHT` at that stage",
    async (stage) => {
      const file = `function ${stage}() {}\nmissing.thing`;
      expect(await engine.rejection({ transform: showing, [stage]: file })).toMatchObject({
        stage,
        type: "runtime",
        code: "UNCAUGHT",
        message: "ReferenceError: missing is not defined",
        location: { file: `${stage}.js`, line: 2, column: 1 },
      });
    },
  );
});
