import { describe, expect, it } from "vitest";
import type { RawEvent } from "../../src/model/raw-event.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import type { Resolved } from "../../src/intake/resolve.ts";
import { createSandboxEvent } from "../../src/intake/sandbox-event.ts";

const nowMs = 1_740_816_900_000;

const resolved: Resolved = {
  kind: "resolved",
  template: {
    orgId: "acme",
    templateId: "gate",
    templateVersion: "1",
    fingerprint: "f",
    files: [],
    realm: "sealed",
    dialect: "auto",
    eva: [],
    limits: { stageCpuMs: 100, memoryBytes: 1 << 26, outputBytes: 1 << 20 },
  },
  contentType: undefined,
  asset: { assetId: "gate-7", debug: "off", attributesJson: '{"site":"north","fPort":1}' },
};

function read(members: object): RawEvent {
  const line = Buffer.from(
    JSON.stringify({ orgId: "acme", assetId: "gate-7", payloadHex: "0102", ...members }),
  );
  return readLine(line, { line: 3, nowMs, limits: { payloadBytes: 100 } }) as RawEvent;
}

function create(members: object, changes: Partial<Resolved> = {}, debug: "off" | "on" = "off") {
  return createSandboxEvent(read(members), { ...resolved, ...changes }, { debug });
}

describe("an event as executors take it", () => {
  it("has the event's ids, its time, and the record's timestamp as ingested", () => {
    expect(create({ time: "2025-01-01T00:00:00Z" }, { asset: undefined })).toEqual({
      eventId: "line-3",
      assetId: "gate-7",
      timeMs: Date.parse("2025-01-01T00:00:00Z"),
      ingestedMs: nowMs,
      payloadKind: "bytes",
      headersJson: "{}",
      attributesJson: "{}",
      payload: Buffer.from([1, 2]),
      debug: "off",
    });
  });

  it("has the asset's attributes, overlaid by the event's", () => {
    expect(create({}).attributesJson).toBe('{"site":"north","fPort":1}');
    expect(create({ attributes: { fPort: 2, rssi: -70 } }).attributesJson).toBe(
      '{"site":"north","fPort":2,"rssi":-70}',
    );
    expect(create({ attributes: { fPort: 2 } }, { asset: undefined }).attributesJson).toBe('{"fPort":2}');
    expect(create({ attributes: {} }).attributesJson).toBe('{"site":"north","fPort":1}');
  });

  it("overlays attributes name by name, not deeper", () => {
    const asset = { assetId: "gate-7", debug: "off", attributesJson: '{"lora":{"port":1,"dr":5}}' } as const;
    expect(create({ attributes: { lora: { port: 2 } } }, { asset }).attributesJson).toBe(
      '{"lora":{"port":2}}',
    );
  });

  it("carries an attribute called __proto__ as any other", () => {
    const asset = { assetId: "gate-7", debug: "off", attributesJson: '{"__proto__":{"a":1},"b":2}' } as const;
    expect(create({ attributes: { c: 3 } }, { asset }).attributesJson).toBe(
      '{"__proto__":{"a":1},"b":2,"c":3}',
    );
  });

  it("has its headers as JSON", () => {
    expect(create({ headers: { "X-Gw": 'a"b' } }).headersJson).toBe('{"x-gw":"a\\"b"}');
  });

  it("has a payload for decode that is JSON or bytes, as the media type says", () => {
    expect(create({ contentType: "application/json" }).payloadKind).toBe("json");
    expect(create({}, { contentType: "application/json" }).payloadKind).toBe("json");
    expect(create({ contentType: "text/plain" }, { contentType: "application/json" }).payloadKind).toBe(
      "bytes",
    );
    expect(create({ payloadHex: undefined, payload: {} }, { contentType: "text/plain" }).payloadKind).toBe(
      "json",
    );
  });

  it("keeps console lines where debug is on for all events or for its asset", () => {
    const asset = { assetId: "gate-7", debug: "on", attributesJson: "{}" } as const;
    expect(create({}).debug).toBe("off");
    expect(create({}, {}, "on").debug).toBe("on");
    expect(create({}, { asset }).debug).toBe("on");
    expect(create({}, { asset: undefined }, "on").debug).toBe("on");
  });
});
