import { describe, expect, test } from "vitest";
import { catalogOf, gives, now, shows, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

describe("metadata", () => {
  test("is one object per event, the same for all three stages", async () => {
    const template = {
      decode: "function decode(p, metadata) { metadata.own = metadata; return p }",
      validate: "function validate(v, metadata) { metadata.sameInValidate = metadata.own === metadata }",
      transform: shows("[metadata.sameInValidate, metadata.own === metadata]"),
    };
    expect(await engine.shown(template)).toEqual([true, true]);
  });

  test("carries what a stage writes there to later stages", async () => {
    const template = {
      decode: "function decode(p, metadata) { metadata.from = ['decode']; return p }",
      validate: "function validate(v, metadata) { metadata.from.push('validate') }",
      transform: shows("metadata.from"),
    };
    expect(await engine.shown(template)).toEqual(["decode", "validate"]);
  });

  test("never leaves", async () => {
    const template = {
      decode: "function decode(p, metadata) { metadata.note = 'secret'; return p }",
      transform: gives("{ eventType: 'x', data: { v } }"),
    };
    const outcome = await engine.one(template, { payload: 1, headers: { gateway: "g1" } });
    expect(outcome.event).not.toHaveProperty("metadata");
    expect(outcome.text).not.toMatch(/secret|gateway/);
  });

  test("has the ids, the template's version, the event id, time, headers, attributes and secrets", async () => {
    const template = { version: "1.4.0", transform: shows("metadata") };
    expect(await engine.shown(template, { payload: 1 })).toEqual({
      orgId: "acme",
      assetId: "a1",
      templateId: "t",
      templateVersion: "1.4.0",
      eventId: "line-1",
      time: now,
      headers: {},
      attributes: { room: "101" },
      secrets: {},
    });
  });

  test("has no other keys, and these in this order", async () => {
    expect(await engine.shown({ transform: shows("Object.keys(metadata).join()") })).toBe(
      "orgId,assetId,templateId,templateVersion,eventId,time,headers,attributes,secrets",
    );
  });

  test("has the producer's event id and time where the event has them", async () => {
    const line = { payload: 1, eventId: "e-7", time: "2025-02-28T23:00:00+01:00" };
    const seen = await engine.shown({ transform: shows("[metadata.eventId, metadata.time]") }, line);
    expect(seen).toEqual(["e-7", "2025-02-28T22:00:00.000Z"]);
  });

  test("has those headers that Millrace does not read itself", async () => {
    const own = ["org", "asset", "template", "content-type", "event-id", "time", "attributes", "traceparent"];
    const cloudEvents = ["ce_org", "ce_asset", "ce_template", "ce_id", "ce_time"];
    const headers = Object.fromEntries([...own, ...cloudEvents].map((name) => [name, "x"]));
    const line = { payload: 1, headers: { ...headers, "x-gateway": "g1", ce_type: "uplink" } };
    const seen = await engine.shown({ transform: shows("metadata.headers") }, line);
    expect(seen).toEqual({ "x-gateway": "g1", ce_type: "uplink" });
  });

  test("has header names in lower case, and of several alike the last value", async () => {
    const line = { payload: 1, headers: { "X-Gateway": "first", "x-GATEWAY": "last" } };
    expect(await engine.shown({ transform: shows("metadata.headers") }, line)).toEqual({
      "x-gateway": "last",
    });
  });

  test("has header values as UTF-8, whatever they hold", async () => {
    const headers = { place: "Zürich 🚆\u2028", quote: '"\\\n', __proto__x: "1" };
    const line = { payload: 1, headers };
    expect(await engine.shown({ transform: shows("metadata.headers") }, line)).toEqual(headers);
  });

  test("has the asset's attributes, overlaid by the event's", async () => {
    const assets = [{ assetId: "a1", templateId: "t", attributes: { room: "101", floor: { level: 1 } } }];
    const tree = catalogOf(
      { t: { transform: shows("metadata.attributes") } },
      { "acme/assets.json": assets },
    );
    const [outcome] = await engine.runCatalog(tree, [
      { payload: 1, attributes: { floor: "first", shelf: null } },
    ]);
    expect(outcome?.event?.data["v"]).toEqual({ room: "101", floor: "first", shelf: null });
  });

  test("has the event's attributes alone where the asset is unknown", async () => {
    const line = { assetId: "new", templateId: "t", payload: 1, attributes: { shelf: 3 } };
    expect(await engine.shown({ transform: shows("metadata.attributes") }, line)).toEqual({ shelf: 3 });
  });

  test("has attributes and headers that are the event's own: an asset's next event sees the catalog's", async () => {
    const change =
      "function decode(p, m) { m.attributes.room += '!'; m.headers.h += '!'; m.secrets.s = 1; return p }";
    const template = {
      decode: change,
      transform: shows("[metadata.attributes.room, metadata.headers.h, metadata.secrets]"),
    };
    const line = { payload: 1, headers: { h: "a" } };
    const outcomes = await engine.run(template, [line, line]);
    for (const { event } of outcomes) expect(event?.data["v"]).toEqual(["101!", "a!", { s: 1 }]);
  });

  test("has `{}` for secrets", async () => {
    expect(await engine.shown({ transform: shows("metadata.secrets") })).toEqual({});
  });

  test("that a script changes changes no field of the engine's", async () => {
    const forge =
      "function decode(p, m) { for (const key of Object.keys(m)) m[key] = 'forged'; Object.assign(m, { ingested: 'forged' }); return p }";
    const event = await engine.event({ decode: forge, transform: gives("{ eventType: 'x', data: { v } }") });
    expect(event).toEqual({
      schemaVersion: 1,
      eventId: "line-1",
      eventType: "x",
      created: now,
      ingested: now,
      data: { v: 1 },
      orgId: "acme",
      assetId: "a1",
      templateId: "t",
      templateVersion: "1",
    });
  });
});
