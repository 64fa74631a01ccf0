import { describe, expect, it } from "vitest";
import type { EvaField } from "../../src/model/contract.ts";
import { compileEva, findEvaProblems } from "../../src/outlet/eva.ts";

const position: EvaField = {
  name: "position",
  type: "geo",
  latPath: "$.data.lat",
  lonPath: "$.data.lon",
  altPath: "$.data.alt",
};

function extract(fields: readonly EvaField[], data: unknown) {
  const result = compileEva(fields).extract({ eventType: "t", orgId: "acme", data });
  const eva: unknown = result.evaJson === undefined ? undefined : JSON.parse(result.evaJson);
  return { eva, warnings: result.warnings, missing: result.missing };
}

function one(type: "number" | "string" | "bool" | "date", value: unknown) {
  return extract([{ name: "x", type, path: "$.data.x" }], { x: value });
}

describe("EVA fields", () => {
  it("are grouped by type, then by name", () => {
    const fields: EvaField[] = [
      position,
      { name: "seenAt", type: "date", path: "$.data.seenAt" },
      { name: "temperature", type: "number", path: "$.data.temperature" },
      { name: "open", type: "bool", path: "$.data.open" },
      { name: "humidity", type: "number", path: "$.data.humidity" },
      { name: "site", type: "string", path: "$.data.site" },
    ];
    const data = {
      temperature: 21.5,
      humidity: 40,
      open: false,
      site: 'north "2"',
      seenAt: "2025-03-01T09:15:00+01:00",
      lat: 1,
      lon: 2,
    };
    const { evaJson, warnings } = compileEva(fields).extract({ data });
    expect(evaJson).toBe(
      '{"number":{"temperature":21.5,"humidity":40},"string":{"site":"north \\"2\\""},"bool":{"open":false},"date":{"seenAt":"2025-03-01T08:15:00.000Z"},"geo":{"position":{"lat":1,"lon":2}}}',
    );
    expect(warnings).toEqual([]);
  });

  it("read from a path whose root is the standard event", () => {
    const fields: EvaField[] = [
      { name: "type", type: "string", path: "$.eventType" },
      { name: "org", type: "string", path: "$.orgId" },
    ];
    expect(extract(fields, {}).eva).toEqual({ string: { type: "t", org: "acme" } });
  });

  it("leave out what is missing or null, without a warning", () => {
    for (const type of ["number", "string", "bool", "date"] as const) {
      expect(one(type, null)).toEqual({ eva: undefined, warnings: [], missing: undefined });
      expect(one(type, undefined)).toEqual({ eva: undefined, warnings: [], missing: undefined });
    }
    expect(extract([position], { lat: null })).toEqual({ eva: undefined, warnings: [], missing: undefined });
  });

  it.each([
    ["number", "21.5"],
    ["number", true],
    ["number", [1]],
    ["number", {}],
    ["string", 1],
    ["string", false],
    ["bool", 0],
    ["bool", "true"],
    ["date", 1_700_000_000_000],
    ["date", "2025-03-01"],
    ["date", "2025-03-01T08:15:00"],
    ["date", "2025-02-30T08:15:00Z"],
    ["date", "Sat, 01 Mar 2025 08:15:00 GMT"],
  ] as const)("do not coerce: for type %s the value %j is left out with a warning", (type, value) => {
    const found = one(type, value);
    expect(found.eva).toBeUndefined();
    expect(found.warnings).toHaveLength(1);
    expect(found.warnings[0]).toMatch(/^EVA field "x": .*; left out$/);
    expect(found.missing).toBeUndefined();
  });

  it("keep false, zero and the empty string, which are values", () => {
    expect(one("bool", false).eva).toEqual({ bool: { x: false } });
    expect(one("number", 0).eva).toEqual({ number: { x: 0 } });
    expect(one("string", "").eva).toEqual({ string: { x: "" } });
  });

  it("take a date as ISO 8601 with a zone and write it in UTC with milliseconds", () => {
    expect(one("date", "2025-03-01T09:15:00.25+01:00").eva).toEqual({
      date: { x: "2025-03-01T08:15:00.250Z" },
    });
    expect(one("date", "2025-03-01T08:15Z").eva).toEqual({ date: { x: "2025-03-01T08:15:00.000Z" } });
    expect(one("date", "2025-03-01T08:15:00.123Z").eva).toEqual({ date: { x: "2025-03-01T08:15:00.123Z" } });
  });

  it("leave out a number that is not finite, which leaves as null", () => {
    const result = compileEva([{ name: "x", type: "number", path: "$.data.x" }]).extract(
      JSON.parse('{"data":{"x":1e999}}') as object,
    );
    expect(result).toEqual({ warnings: [] });
  });

  it("never show inherited members or the length of a text", () => {
    const fields: EvaField[] = [
      { name: "a", type: "string", path: "$.data.constructor.name", required: false },
      { name: "b", type: "number", path: "$.data.text.length" },
    ];
    expect(extract(fields, { text: "abc" })).toEqual({ eva: undefined, warnings: [], missing: undefined });
  });

  it.each([
    [{ lat: 90.01, lon: 0 }, "latitude outside -90 to 90"],
    [{ lat: 0, lon: -180.5 }, "longitude outside -180 to 180"],
    [{ lat: "1", lon: 2 }, "expected a number as latitude, found a string"],
    [{ lat: 1 }, "longitude missing"],
    [{ lon: 1, lat: null }, "latitude missing"],
  ])("leave out the position %j with a warning", (data, why) => {
    expect(extract([position], data)).toEqual({
      eva: undefined,
      warnings: [`EVA field "position": ${why}; left out`],
      missing: undefined,
    });
  });

  it("take a position at the ends of its range, with its altitude", () => {
    expect(extract([position], { lat: -90, lon: 180, alt: -3.5 }).eva).toEqual({
      geo: { position: { lat: -90, lon: 180, alt: -3.5 } },
    });
  });

  it("leave out an unfit altitude alone", () => {
    const found = extract([position], { lat: 1, lon: 2, alt: "high" });
    expect(found.eva).toEqual({ geo: { position: { lat: 1, lon: 2 } } });
    expect(found.warnings).toEqual([
      'EVA field "position": expected a number as altitude, found a string; altitude left out',
    ]);
    expect(extract([position], { lat: 1, lon: 2, alt: null }).warnings).toEqual([]);
  });

  it("that are required and without a value say why the event must not leave", () => {
    const required: EvaField[] = [{ name: "x", type: "number", path: "$.data.x", required: true }];
    expect(extract(required, {}).missing).toBe('EVA field "x": missing; the field is required');
    expect(extract(required, { x: null }).missing).toBe('EVA field "x": missing; the field is required');
    expect(extract(required, { x: "1" }).missing).toBe(
      'EVA field "x": expected a number, found a string; the field is required',
    );
    expect(extract([{ ...position, required: true }], { lat: 99, lon: 0 }).missing).toContain(
      "latitude outside",
    );
    expect(extract(required, { x: 1 }).missing).toBeUndefined();
  });
});

describe("the declaration of EVA fields", () => {
  it("may not have a name twice, nor a path that is no singular query", () => {
    const fields: EvaField[] = [
      { name: "x", type: "number", path: "$.data.x" },
      { name: "x", type: "string", path: "$..x" },
      { name: "g", type: "geo", latPath: "$.a", lonPath: "b", altPath: "$[*]" },
    ];
    expect(findEvaProblems(fields)).toMatchObject([
      { index: 1, key: "name" },
      { index: 1, key: "path", position: 3 },
      { index: 2, key: "lonPath", position: 1 },
      { index: 2, key: "altPath", position: 3 },
    ]);
    expect(() => compileEva(fields)).toThrow(/EVA field 1, name/);
  });
});
