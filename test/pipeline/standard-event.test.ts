import { describe, expect, test } from "vitest";
import { catalogOf, gives, now, showing, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

describe("a standard event", () => {
  test("is `{schemaVersion: 1, eventId, eventType, created, ingested, data, metadata?, eva?, warnings?, orgId, assetId, templateId, templateVersion}`", async () => {
    const template = {
      version: "2.0",
      decode: "function decodeUplink() { return { data: 1, warnings: ['low'] } }",
      transform: gives("{ eventType: 'x', data: { v }, metadata: { m: 1 } }"),
      eva: [{ name: "v", type: "number", path: "$.data.v" }],
    };
    const { text } = await engine.one(template, { payloadHex: "00" });
    expect(text).toBe(
      `{"outcome":"standard","event":{"schemaVersion":1,"eventId":"line-1","eventType":"x","created":"${now}",` +
        `"ingested":"${now}","data":{"v":1},"metadata":{"m":1},"eva":{"number":{"v":1}},"warnings":["low"],` +
        `"orgId":"acme","assetId":"a1","templateId":"t","templateVersion":"2.0"}}\n`,
    );
  });

  test("is without metadata, eva and warnings where there are none", async () => {
    const event = await engine.event({ transform: showing });
    for (const key of ["metadata", "eva", "warnings"]) expect(event).not.toHaveProperty(key);
  });

  const engineKeys =
    "schemaVersion: 9, eventId: 'forged', ingested: 'forged', eva: { number: { forged: 1 } }, warnings: ['forged'], orgId: 'forged', assetId: 'forged', templateId: 'forged', templateVersion: 'forged'";

  test("has all but eventType, created, data and metadata from the engine: what a script returns never alters them", async () => {
    const result = `{ eventType: 'x', data: { v }, ${engineKeys} }`;
    const [one, several] = await engine.run({ transform: gives(`v === 1 ? ${result} : [${result}]`) }, [
      { payload: 1 },
      { payload: 2 },
    ]);
    for (const { text } of [one, several].filter((outcome) => outcome !== undefined))
      expect(text).not.toContain("forged");
    expect(one?.event).toMatchObject({
      schemaVersion: 1,
      eventId: "line-1",
      orgId: "acme",
      templateVersion: "1",
    });
  });

  test("nor does what a script puts on the prototypes", async () => {
    const decode = `function decode(p) { Object.assign(Object.prototype, { ${engineKeys}, created: 5, metadata: { forged: 1 } }); return p }`;
    const event = await engine.event({
      decode,
      transform: gives("{ __proto__: null, eventType: 'x', data: { v } }"),
    });
    expect(JSON.stringify(event)).not.toContain("forged");
    expect(event.created).toBe(now);
  });

  test("nor does text that looks like the end of a field", async () => {
    const text = '"},"eventId":"forged","x":{"y":"';
    const transform = "function transform(v) { return { eventType: v, data: { [v]: v }, metadata: { v } } }";
    expect(await engine.event({ transform }, { payload: text })).toMatchObject({
      eventId: "line-1",
      eventType: text,
      data: { [text]: text },
      metadata: { v: text },
    });
  });
});

describe("eventId", () => {
  test("is the producer's", async () => {
    const event = await engine.event({ transform: showing }, { payload: 1, eventId: "01J9Z3 ü" });
    expect(event.eventId).toBe("01J9Z3 ü");
  });

  test("is else derived: `line-{n}`, counted from 1", async () => {
    const outcomes = await engine.run({ transform: showing }, [{ payload: 1 }, { payload: 2 }]);
    expect(outcomes.map(({ event }) => event?.eventId)).toEqual(["line-1", "line-2"]);
  });

  test("is the same for an event that comes again", async () => {
    const line = { payload: 1, eventId: "e" };
    const [first, again] = await engine.run({ transform: showing }, [line, line]);
    expect(again?.text).toBe(first?.text);
  });

  test("adds no duplicates and removes none: what a device sends twice is two raw events", async () => {
    const outcomes = await engine.run({ transform: showing }, [
      { payload: 1 },
      { payload: 1 },
      { payload: 1 },
    ]);
    expect(outcomes.map(({ event }) => event?.eventId)).toEqual(["line-1", "line-2", "line-3"]);
  });
});

describe("the order", () => {
  test("of the input is the order of the output, over templates, refusals and bad lines", async () => {
    const templates = {
      quick: { transform: showing },
      slow: {
        decode: "function decode(p) { let sum = 0; for (let i = 0; i < 2e5; i++) sum += i; return p }",
        transform: showing,
      },
      fresh: { decode: "function decode(p) { return [this === undefined, p][1] }", transform: showing },
    };
    const assets = Object.keys(templates).map((name) => ({ assetId: name, templateId: name }));
    const tree = catalogOf(templates, { "acme/assets.json": assets });
    const names = ["slow", "quick", "fresh", "nobody"];
    const lines = Array.from({ length: 200 }, (_, n) => ({ assetId: names[n % 4], payload: n }));
    const outcomes = await engine.runCatalog(tree, lines);
    expect(outcomes.map(({ event, rejection }) => event?.data["v"] ?? rejection?.code)).toEqual(
      lines.map(({ assetId, payload }) => (assetId === "nobody" ? "UNKNOWN_ASSET" : payload)),
    );
  });
});
