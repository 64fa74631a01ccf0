import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { deviceModels } from "../../src/fleet/device-models.ts";
import { defaultRates, eventKinds, healthyRates } from "../../src/fleet/event-kind.ts";
import { createFleet, type FleetEvent, type FleetOptions } from "../../src/fleet/fleet.ts";
import { ndjsonChunks } from "../../src/fleet/ndjson.ts";
import { exampleDevices, replicateOrgs } from "../../src/fleet/roster.ts";
import { checkRawEventLine } from "../../src/model/validators.ts";

const startMs = Date.UTC(2025, 2, 14);

function textOf(options: Partial<FleetOptions> & { seed: number }): string {
  return [...ndjsonChunks(createFleet({ startMs, events: 5000, ...options }))].join("");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function bodyText({ line }: FleetEvent): string {
  return JSON.stringify({ ...line, time: "" });
}

describe("the same seed", () => {
  it("gives the same bytes, also from one fleet that is iterated twice and side by side", () => {
    expect(digest(textOf({ seed: 7 }))).toBe(digest(textOf({ seed: 7 })));
    const fleet = createFleet({ seed: 7, startMs, events: 500 });
    const [first, second] = [fleet[Symbol.iterator](), fleet[Symbol.iterator]()];
    for (let event = first.next(); event.done !== true; event = first.next())
      expect(second.next().value).toEqual(event.value);
  });

  it("gives the bytes that it gave on other machines and engines", () => {
    // A change of a device model changes this digest, and with it every figure measured with the fleet.
    expect(digest(textOf({ seed: 1 }))).toBe(
      "e54237afec24241d79b1f638f581f163a1b06d47a4adf54351d744318945ae54",
    );
  });

  it("gives other bytes for another seed", () => {
    expect(digest(textOf({ seed: 8 }))).not.toBe(digest(textOf({ seed: 7 })));
  });

  it("gives the same beginning however many events are asked for", () => {
    expect(textOf({ seed: 7, events: 300 }).startsWith(textOf({ seed: 7, events: 100 }))).toBe(true);
  });
});

describe("the raw events", () => {
  const rates = {
    ...defaultRates,
    heartbeat: 0.1,
    truncated: 0.1,
    garbage: 0.1,
    wrongPort: 0.1,
    clockSkew: 0.1,
  };
  const events = [...createFleet({ seed: 3, startMs, events: 20_000, rates })];

  it("follow the schema of a raw event line, broken payloads too", () => {
    const invalid = events.filter(({ line }) => checkRawEventLine(line).kind !== "valid");
    expect(invalid).toEqual([]);
  });

  it("come from every template, in every way that its devices can show", () => {
    const seen = new Set(events.map(({ templateId, kind }) => `${templateId} ${kind}`));
    const possible = [...deviceModels.values()].flatMap((model) =>
      eventKinds.filter((kind) => model.canShow(kind)).map((kind) => `${model.templateId} ${kind}`),
    );
    expect([...seen].toSorted()).toEqual(possible.toSorted());
  });

  it("are received in order, except for duplicates, which come at most three seconds after the original", () => {
    const originalTimes = events
      .filter(({ kind }) => kind !== "duplicate")
      .map(({ line }) => line.time ?? "");
    expect(originalTimes).toEqual(originalTimes.toSorted());
    expect(originalTimes[0]! >= new Date(startMs).toISOString()).toBe(true);
    const duplicates = events.filter(({ kind }) => kind === "duplicate");
    expect(duplicates.length).toBeGreaterThan(0);
    const healthyByBody = Map.groupBy(
      events.filter(({ kind }) => kind === "healthy"),
      bodyText,
    );
    for (const duplicate of duplicates) {
      const receivedMs = Date.parse(duplicate.line.time ?? "");
      const delaysMs = (healthyByBody.get(bodyText(duplicate)) ?? []).map(
        ({ line }) => receivedMs - Date.parse(line.time ?? ""),
      );
      expect(delaysMs.some((delayMs) => delayMs > 0 && delayMs <= 3000)).toBe(true);
    }
  });

  it("name a known asset of the catalog unless they are to come from an unknown one", () => {
    const known = new Set(exampleDevices.map(({ orgId, assetId }) => `${orgId}/${assetId}`));
    for (const { line, kind } of events)
      expect(known.has(`${line.orgId}/${line.assetId}`)).toBe(kind !== "unknownAsset");
  });

  it("are as text one JSON object to a line, in chunks of whole lines", () => {
    const chunks = [...ndjsonChunks(events.slice(0, 1000), 4096)];
    expect(chunks.length).toBeGreaterThan(10);
    for (const chunk of chunks) expect(chunk.endsWith("\n")).toBe(true);
    const lines = chunks.join("").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      events.slice(0, 1000).map(({ line }) => line),
    );
  });
});

describe("the shares of the kinds", () => {
  function shares(options: Partial<FleetOptions>): Record<string, number> {
    const counts: Record<string, number> = {};
    const events = 50_000;
    for (const { kind } of createFleet({ seed: 99, startMs, events, ...options }))
      counts[kind] = (counts[kind] ?? 0) + 1;
    return Object.fromEntries(eventKinds.map((kind) => [kind, (counts[kind] ?? 0) / events]));
  }

  it.each([
    ["the default rates", defaultRates],
    [
      "high rates",
      {
        heartbeat: 0.3,
        duplicate: 0.1,
        truncated: 0.1,
        garbage: 0.05,
        wrongPort: 0.05,
        clockSkew: 0.1,
        unknownAsset: 0.05,
      },
    ],
  ])("are those of %s", (_name, rates) => {
    const found = shares({ rates });
    for (const [kind, rate] of Object.entries(rates)) {
      const standardDeviation = Math.sqrt((rate * (1 - rate)) / 50_000);
      expect(Math.abs(found[kind]! - rate), kind).toBeLessThan(4 * standardDeviation);
    }
  });

  it("are all of healthy events where nothing goes wrong", () => {
    expect(shares({ rates: healthyRates })).toMatchObject({ healthy: 1 });
  });

  it("are healthy events where no device can show the kind", () => {
    const devices = exampleDevices.filter(({ templateId }) => templateId === "booster-pump");
    expect(
      shares({ devices, rates: { ...healthyRates, clockSkew: 0.5, wrongPort: 0.2, heartbeat: 0.3 } }),
    ).toMatchObject({ healthy: 1 });
  });
});

describe("a fleet of more orgs", () => {
  it("keeps the first set's names and sends from every org", () => {
    const devices = replicateOrgs(exampleDevices, 4);
    const orgs = new Set(devices.map(({ orgId }) => orgId));
    expect(orgs.size).toBe(12);
    expect(devices.slice(0, exampleDevices.length)).toEqual(exampleDevices);
    const senders = new Set(
      [...createFleet({ seed: 1, startMs, events: 2000, devices })].map(({ line }) => line.orgId),
    );
    expect(senders).toEqual(orgs);
  });
});

describe("options out of range", () => {
  const device = { orgId: "acme", assetId: "a", templateId: "teapot" };
  it.each<[string, Partial<FleetOptions>]>([
    ["a seed with a fraction", { seed: 1.5 }],
    ["a start before 2020", { startMs: 0 }],
    ["a negative interval", { meanIntervalMs: -1 }],
    ["rates above 1 in sum", { rates: { heartbeat: 0.9, garbage: 0.2 } }],
    ["a negative rate", { rates: { garbage: -0.1 } }],
    ["no device", { devices: [] }],
    ["a template without a device model", { devices: [device] }],
  ])("are refused: %s", (_name, options) => {
    expect(() => createFleet({ seed: 1, startMs, ...options })).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
  });
});
