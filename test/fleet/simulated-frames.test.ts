import { describe, expect, it } from "vitest";
import { createFleet, type FleetEvent } from "../../src/fleet/fleet.ts";
import { checkOutcomeLine } from "../../src/model/validators.ts";
import { loadCatalog, type PlainOutcome } from "../examples/plain-realm.ts";

const startMs = Date.UTC(2025, 2, 14);
const templates = new Map(
  loadCatalog().map((template) => [`${template.orgId}/${template.templateId}`, template]),
);

function outcomeOf({ line, templateId }: FleetEvent): PlainOutcome {
  return templates.get(`${line.orgId}/${templateId}`)!.run(line);
}

interface Reading {
  readonly assetId: string;
  readonly templateId: string;
  readonly receivedMs: number;
  readonly event: { readonly created: string; readonly data: Record<string, unknown> };
}

/** What healthy devices report in some days of simulated time, as the example templates see it. */
function healthyReadings(): Reading[] {
  const rates = {
    heartbeat: 0,
    duplicate: 0,
    truncated: 0,
    garbage: 0,
    wrongPort: 0,
    clockSkew: 0,
    unknownAsset: 0,
  };
  return [...createFleet({ seed: 21, startMs, events: 12_000, meanIntervalMs: 20_000, rates })].flatMap(
    (sent) => {
      const outcome = outcomeOf(sent);
      const { assetId } = sent.line;
      const receivedMs = Date.parse(sent.line.time ?? "");
      const events = outcome.outcome === "standard" ? outcome.events : [];
      return events.map((event) => ({
        assetId,
        templateId: sent.templateId,
        receivedMs,
        event: event as unknown as Reading["event"],
      }));
    },
  );
}

describe("the example templates make of the simulated frames", () => {
  it("what the fleet says that they will, for every kind of event", () => {
    const rates = {
      heartbeat: 0.1,
      truncated: 0.2,
      garbage: 0.1,
      wrongPort: 0.05,
      clockSkew: 0.1,
      unknownAsset: 0.02,
    };
    const wrong: unknown[] = [];
    for (const sent of createFleet({ seed: 20, startMs, events: 12_000, rates })) {
      const outcome = outcomeOf(sent);
      const found = outcome.outcome === "standard" ? { ...outcome, events: outcome.events.length } : outcome;
      const agrees = Object.entries(sent.expected).every(
        ([key, value]) => found[key as keyof typeof found] === value,
      );
      if (!agrees) wrong.push({ sent, outcome });
    }
    expect(wrong).toEqual([]);
  });

  it("standard events that follow their schema", () => {
    for (const sent of createFleet({ seed: 22, startMs, events: 1000 })) {
      const outcome = outcomeOf(sent);
      if (outcome.outcome !== "standard") continue;
      expect(checkOutcomeLine({ outcome: "standard", events: outcome.events }).kind).toBe("valid");
    }
  });
});

describe("healthy devices", () => {
  const readings = healthyReadings();
  const figures: readonly (readonly [templateId: string, figure: string, low: number, high: number])[] = [
    ["soil-probe", "temperatureC", 5, 25],
    ["soil-probe", "moisturePercent", 5, 100],
    ["soil-probe", "batteryV", 2.6, 3.8],
    ["barn-climate", "temperatureC", 8, 28],
    ["barn-climate", "humidityPercent", 30, 100],
    ["barn-climate", "co2Ppm", 400, 4500],
    ["weather-station", "airC", 0, 25],
    ["weather-station", "seaLevelPressureHpa", 950, 1070],
    ["smart-meter", "voltageV", 207, 253],
    ["smart-meter", "powerKw", 0, 480],
    ["booster-pump", "flowM3h", 0, 100],
    ["booster-pump", "pressureBar", 0, 12],
    ["booster-pump", "motorC", 10, 90],
    ["water-meter", "waterC", 3, 26],
    ["litter-bin", "fillPercent", 0, 100],
    ["truck-tracker", "speedKmh", 0, 100],
    ["yard-gateway", "temperatureC", -5, 15],
    ["dock-door", "batteryPercent", 1, 100],
    ["reefer-trailer", "deviationC", -4, 9],
    ["reefer-trailer", "fuelPercent", 9, 100],
  ];

  it.each(figures)(
    "of template %s report a plausible %s, %d to %d, that moves",
    (templateId, figure, low, high) => {
      const values = readings
        .filter((reading) => reading.templateId === templateId)
        .map(({ event }) => event.data[figure] as number);
      expect(values.length).toBeGreaterThan(200);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
      expect(Math.max(...values)).toBeLessThanOrEqual(high);
      expect(new Set(values).size).toBeGreaterThan(3);
    },
  );

  it.each([
    ["smart-meter", "importKwh"],
    ["smart-meter", "exportKwh"],
    ["booster-pump", "volumeM3"],
    ["water-meter", "volumeM3"],
    ["truck-tracker", "odometerKm"],
    ["dock-door", "openings"],
    ["reefer-trailer", "compressorHours"],
  ])("of template %s count %s upwards only", (templateId, figure) => {
    const byAsset = Map.groupBy(
      readings.filter((reading) => reading.templateId === templateId),
      ({ assetId }) => assetId,
    );
    for (const series of byAsset.values()) {
      const values = series.map(({ event }) => event.data[figure] as number);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect(values.at(-1)!).toBeGreaterThan(values[0]!);
    }
  });

  it.each(["truck-tracker", "reefer-trailer"])(
    "of template %s move no faster than a vehicle can",
    (templateId) => {
      const byAsset = Map.groupBy(
        readings.filter((reading) => reading.templateId === templateId),
        ({ assetId }) => assetId,
      );
      for (const series of byAsset.values()) {
        for (const [index, { receivedMs, event }] of series.entries()) {
          const before = series[index - 1];
          if (before === undefined) continue;
          const hours = (receivedMs - before.receivedMs) / 3_600_000;
          expect(
            kmBetween(before.event.data["position"] as Position, event.data["position"] as Position),
          ).toBeLessThan(hours * 120 + 0.05);
        }
      }
    },
  );

  it("report when they measured, never later than a clock's drift after the reception", () => {
    for (const { receivedMs, event } of readings) {
      const ageMs = receivedMs - Date.parse(event.created);
      expect(ageMs).toBeGreaterThanOrEqual(-61_000);
      expect(ageMs).toBeLessThanOrEqual(3_700_000);
    }
  });
});

interface Position {
  readonly lat: number;
  readonly lon: number;
}

/** On a sphere, which is right to half a percent. */
function kmBetween(from: Position, to: Position): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half =
    Math.sin(radians(to.lat - from.lat) / 2) ** 2 +
    Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * Math.sin(radians(to.lon - from.lon) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(half));
}
