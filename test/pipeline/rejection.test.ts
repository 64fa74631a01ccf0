import { describe, expect, test } from "vitest";
import { catalogOf, gives, now, showing, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

const failing = { decode: "function decode() { throw new Error('no') }" };

describe("a rejection says event id, org, asset, template and version as far as known:", () => {
  const known = { orgId: "acme", assetId: "a1", templateId: "t", templateVersion: "1" };

  test("all of them where a script failed", async () => {
    expect(await engine.rejection(failing, { payload: 1, eventId: "e" })).toMatchObject({
      ...known,
      eventId: "e",
    });
  });

  test.each([
    ["no JSON", "{", { eventId: "line-1", orgId: null, assetId: null, code: "NOT_JSON" }],
    ["no org", '{"assetId":"a1","payload":1}', { orgId: null, assetId: "a1", code: "BAD_LINE" }],
    ["an org that is not there", { orgId: "other" }, { orgId: null, assetId: "a1", code: "UNKNOWN_ORG" }],
    ["an asset that is not there", { assetId: "x" }, { orgId: "acme", assetId: "x", code: "UNKNOWN_ASSET" }],
    ["an id out of its grammar", { assetId: " x" }, { orgId: "acme", assetId: null, code: "BAD_ID" }],
  ])("%s", async (_what, line, expected) => {
    const whole = typeof line === "string" ? line : { payload: 1, ...line };
    const rejection = await engine.rejection(failing, whole);
    expect(rejection).toMatchObject({
      stage: "intake",
      type: "envelope",
      templateId: null,
      templateVersion: null,
      ...expected,
    });
  });

  test("a template that is not there has an id and no version", async () => {
    const line = { assetId: "x", templateId: "gone", payload: 1 };
    expect(await engine.rejection(failing, line)).toMatchObject({
      code: "UNKNOWN_TEMPLATE",
      templateId: "gone",
      templateVersion: null,
    });
  });

  test("a template that is broken has both", async () => {
    expect(await engine.rejection({ version: "7", decode: "(" })).toMatchObject({
      ...known,
      templateVersion: "7",
    });
  });
});

describe("a rejection has", () => {
  test("`time`, `ingested`, and the trace id where the event came with one", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const line = { payload: 1, time: "2025-02-28T22:00:00Z", headers: { traceparent } };
    expect(await engine.rejection(failing, line)).toMatchObject({
      time: "2025-02-28T22:00:00.000Z",
      ingested: now,
      traceId: "0af7651916cd43dd8448eb211c80319c",
    });
    expect(await engine.rejection(failing)).not.toHaveProperty("traceId");
  });

  test("the raw record whole", async () => {
    const line = {
      payloadHex: "00ff",
      contentType: "image/png",
      headers: { Gateway: "g1" },
      attributes: { a: 1 },
    };
    const { record } = await engine.rejection(failing, line);
    const text = (value: string): string => Buffer.from(value, "base64").toString("utf8");
    expect(record).toMatchObject({
      topic: null,
      partition: null,
      offset: 1,
      timestamp: now,
      keyBase64: null,
      payloadBase64: "AP8=",
    });
    expect(record.headers.map(({ name, valueBase64 }) => [name, text(valueBase64)])).toEqual([
      ["content-type", "image/png"],
      ["attributes", '{"a":1}'],
      ["Gateway", "g1"],
    ]);
  });

  test("what it takes to be redriven: sent again it gives what the first sending gave", async () => {
    const line = { payload: { n: [1, 2.5, "é"] }, headers: { h: "1" }, attributes: { a: 1 }, eventId: "e" };
    const { record, eventId, assetId } = await engine.rejection(failing, line);
    const headers = Object.fromEntries(
      record.headers.map(({ name, valueBase64 }) => [
        name,
        Buffer.from(valueBase64, "base64").toString("utf8"),
      ]),
    );
    const { "content-type": contentType, attributes = "{}", ...others } = headers;
    const again = {
      eventId,
      assetId,
      payloadBase64: record.payloadBase64,
      contentType,
      headers: others,
      attributes: JSON.parse(attributes) as object,
    };
    const template = { transform: gives("{ eventType: 'x', data: { v, metadata } }") };
    expect((await engine.one(template, again)).text).toBe((await engine.one(template, line)).text);
  });
});

describe("`message`", () => {
  test("is one line, harmless for a terminal, and bounded", async () => {
    const decode = "function decode() { throw new Error('a\\nb\\u001b[31mc' + 'x'.repeat(1e6)) }";
    const { message } = await engine.rejection({ decode });
    expect(message.slice(0, 20)).toBe("a b\\x1b[31mcxxxxxxxx");
    expect(message.length).toBeLessThan(4200);
    expect(message).toMatch(/ more characters\)$/);
  });
});

describe("an event too large for its topic is `output`/`TOO_LARGE`:", () => {
  const template = { limits: { outputBytes: 1000 }, transform: "function transform(v) { return v }" };
  const ofSize = (characters: number): object => ({ eventType: "x", data: { text: "é".repeat(characters) } });

  test("by the bytes of the finished event", async () => {
    const [fits, large] = await engine.run(template, [{ payload: ofSize(350) }, { payload: ofSize(400) }]);
    expect(fits?.outcome).toBe("standard");
    expect(large?.rejection).toMatchObject({ stage: "output", type: "output", code: "TOO_LARGE" });
  });

  test("also one of an array, which costs all of them", async () => {
    const payload = [ofSize(10), ofSize(400)];
    expect(await engine.rejection(template, { payload })).toMatchObject({
      code: "TOO_LARGE",
      message: expect.stringMatching(/^event 1: /) as string,
    });
  });
});

describe("stack overflow is `runtime`/`STACK_DEPTH`:", () => {
  test.each(["decode", "validate", "transform"])("in %s", async (stage) => {
    const file = `function ${stage}(v) { return [${stage}(v)] }`;
    expect(await engine.rejection({ transform: showing, [stage]: file })).toMatchObject({
      stage,
      type: "runtime",
      code: "STACK_DEPTH",
    });
  });

  test("at the call that recurses, wherever the stack ended", async () => {
    const decode = [
      "const leaf = (n) => [n]; const branch = (n) => [leaf(n)];",
      "function even(n) { branch(3); return [odd(n)] }",
      "function odd(n) { return [even(n)] }",
      "function decode(p) { const deep = (n) => (n > 0 ? deep(n - 1) : even(p)); return deep(p) }",
    ].join("\n");
    const payloads = Array.from({ length: 40 }, (_none, payload) => ({ payload }));
    const outcomes = await engine.run({ decode, transform: showing }, payloads);
    for (const { rejection } of outcomes)
      expect(rejection).toMatchObject({ code: "STACK_DEPTH", location: { line: 2, column: 39 } });
  });

  test("while a file is loaded", async () => {
    const decode = "function down() { return [down()] }\nconst table = down();\nfunction decode() {}";
    expect(await engine.rejection({ decode })).toMatchObject({ stage: "decode", code: "STACK_DEPTH" });
  });

  test("in a `toJSON` on the way out", async () => {
    const transform = gives("{ eventType: 'x', data: { toJSON: function down() { return [down()] } } }");
    expect(await engine.rejection({ transform })).toMatchObject({ stage: "output", code: "STACK_DEPTH" });
  });

  test("and costs its neighbours nothing", async () => {
    const decode = "function decode(p) { return p === 2 ? [decode(p)] : p }";
    const outcomes = await engine.run(
      { decode, transform: showing },
      [1, 2, 3].map((payload) => ({ payload })),
    );
    expect(outcomes.map(({ event, rejection }) => event?.data["v"] ?? rejection?.code)).toEqual([
      1,
      "STACK_DEPTH",
      3,
    ]);
  });
});

test("a broken template costs only its own events", async () => {
  const templates = {
    good: { transform: showing },
    unparsed: { decode: "function decode( {" },
    asynchronous: { decode: "async function decode() {}" },
    missing: { decode: "const other = 1" },
    throwing: { decode: "function decode() {}\nthrow new Error('while loaded')" },
  };
  const names = Object.keys(templates);
  const assets = names.map((name) => ({ assetId: name, templateId: name }));
  const lines = [...names, ...names].map((assetId) => ({ assetId, payload: 1 }));
  const tree = catalogOf(templates, { "acme/assets.json": assets });
  const outcomes = await engine.runCatalog(tree, lines);
  const expected = ["standard", "SYNTAX_ERROR", "ASYNC_SOURCE", "NO_ENTRY_POINT", "UNCAUGHT"];
  expect(outcomes.map(({ outcome, rejection }) => rejection?.code ?? outcome)).toEqual([
    ...expected,
    ...expected,
  ]);
});
