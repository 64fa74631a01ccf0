import { describe, expect, test } from "vitest";
import { catalogOf, smallEngine } from "./small-engine.ts";

const engine = smallEngine();

/** A template whose events have as data what was sent, with these EVA fields. */
function template(...eva: readonly object[]) {
  return { eva, transform: "function transform(data) { return { eventType: 'x', data } }" };
}

const fields = [
  { name: "temperature", type: "number", path: "$.data.t" },
  { name: "model", type: "string", path: "$.data.model" },
  { name: "open", type: "bool", path: "$.data.open" },
  { name: "seenAt", type: "date", path: "$.data.seen" },
  { name: "position", type: "geo", latPath: "$.data.lat", lonPath: "$.data.lon", altPath: "$.data.alt" },
];

describe("EVA fields", () => {
  test("are grouped by type", async () => {
    const data = {
      t: 21.5,
      model: "T1",
      open: false,
      seen: "2025-02-03T04:05:06+01:00",
      lat: 1,
      lon: 2,
      alt: 3,
    };
    const event = await engine.event(template(...fields), { payload: data });
    expect(event.eva).toEqual({
      number: { temperature: 21.5 },
      string: { model: "T1" },
      bool: { open: false },
      date: { seenAt: "2025-02-03T03:05:06.000Z" },
      geo: { position: { lat: 1, lon: 2, alt: 3 } },
    });
    expect(event).not.toHaveProperty("warnings");
  });

  test("take a date from a Date that leaves as text", async () => {
    const transform = "function transform() { return { eventType: 'x', data: { at: new Date(0) } } }";
    const eva = [{ name: "at", type: "date", path: "$.data.at" }];
    expect((await engine.event({ transform, eva })).eva).toEqual({
      date: { at: "1970-01-01T00:00:00.000Z" },
    });
  });

  test("of geo may do without `altPath`", async () => {
    const geo = { name: "position", type: "geo", latPath: "$.data.lat", lonPath: "$.data.lon" };
    const event = await engine.event(template(geo), { payload: { lat: -90, lon: 180, alt: 3 } });
    expect(event.eva).toEqual({ geo: { position: { lat: -90, lon: 180 } } });
  });

  test("have as root of their paths the standard event", async () => {
    const eva = ["eventId", "assetId", "templateVersion", "eventType", "orgId"].map((name) => ({
      name,
      type: "string",
      path: `$.${name}`,
    }));
    const dates = ["created", "ingested"].map((name) => ({ name, type: "date", path: `$['${name}']` }));
    const event = await engine.event(template(...eva, ...dates), { payload: { a: 1 } });
    const { eventId, assetId, templateVersion, eventType, orgId, created, ingested } = event;
    expect(event.eva).toEqual({
      string: { eventId, assetId, templateVersion, eventType, orgId },
      date: { created, ingested },
    });
  });

  test("have RFC 9535 singular queries for paths: names, quoted names, indexes from either end", async () => {
    const eva = [
      ["a", "$.data.list[0].n"],
      ["b", "$['data'][\"list\"][-1]['n']"],
      ["c", "$.data['odd name.x']"],
      ["d", "$.data.list[7].n"],
      ["e", "$.data.list.length"],
      ["f", "$.data.toString"],
    ].map(([name, path]) => ({ name, type: "number", path }));
    const data = { list: [{ n: 1 }, { n: 2 }], "odd name.x": 3 };
    expect((await engine.event(template(...eva), { payload: data })).eva).toEqual({
      number: { a: 1, b: 2, c: 3 },
    });
  });

  test.each(["data.t", "$.data[*]", "$..t", "$.data[0:1]", "$.data[?@.t]", "$.data['a','b']", "$.data."])(
    "have no other paths: a template with %s is broken",
    async (path) => {
      expect(await engine.rejection(template({ name: "t", type: "number", path }))).toMatchObject({
        stage: "intake",
        type: "syntax",
        code: "TEMPLATE_BROKEN",
      });
    },
  );

  test("have names that are unique in a template", async () => {
    const twice = { name: "t", type: "number", path: "$.data.t" };
    const rejection = await engine.rejection(template(twice, { ...twice, type: "string" }));
    expect(rejection).toMatchObject({ type: "syntax", code: "TEMPLATE_BROKEN" });
    expect(rejection.message).toContain('name "t" stands twice');
  });

  test("have types of these five kinds", async () => {
    const odd = { name: "t", type: "integer", path: "$.data.t" };
    expect(await engine.rejection(template(odd))).toMatchObject({ code: "TEMPLATE_BROKEN" });
  });
});

describe("an EVA value", () => {
  test("that is missing or null is left out, without a word", async () => {
    for (const payload of [
      { other: 1 },
      { t: null, model: null, open: null, seen: null, lat: null, lon: null },
    ]) {
      const event = await engine.event(template(...fields), { payload });
      expect(event).not.toHaveProperty("eva");
      expect(event).not.toHaveProperty("warnings");
    }
  });

  const wrong = [
    ["temperature", { t: "21.5" }, "expected a number, found a string"],
    ["temperature", { t: true }, "expected a number, found a boolean"],
    ["model", { model: 5 }, "expected a string, found a number"],
    ["open", { open: 1 }, "expected a boolean, found a number"],
    ["open", { open: "true" }, "expected a boolean, found a string"],
    ["seenAt", { seen: 1740816900000 }, "expected an ISO 8601 string with a zone, found a number"],
    ["seenAt", { seen: "2025-02-03" }, "the string is not ISO 8601 with a zone"],
    ["position", { lat: "1", lon: 2 }, "expected a number as latitude, found a string"],
    ["position", { lat: 1 }, "longitude missing"],
    ["position", { lat: 90.5, lon: 2 }, "latitude outside -90 to 90"],
    ["position", { lat: 1, lon: -180.5 }, "longitude outside -180 to 180"],
  ] as const;

  test.each(wrong)(
    "of the wrong type or out of range is left out with a warning: %s of %j",
    async (name, data, why) => {
      const event = await engine.event(template(...fields), { payload: data });
      expect(event).not.toHaveProperty("eva");
      expect(event.data).toEqual(data);
      expect(event.warnings).toEqual([`EVA field "${name}": ${why}; left out`]);
    },
  );

  test("of the wrong type costs the others nothing", async () => {
    const event = await engine.event(template(...fields), { payload: { t: "warm", model: "T1" } });
    expect(event.eva).toEqual({ string: { model: "T1" } });
  });

  test("that is not finite leaves as null, and is missing", async () => {
    const transform = "function transform() { return { eventType: 'x', data: { t: NaN } } }";
    const event = await engine.event({ transform, eva: fields });
    expect(event).not.toHaveProperty("eva");
    expect(event.warnings).toEqual(["data: t was NaN and became null"]);
  });

  test.each(wrong)(
    "that is required, and unfit, is `output`/`EVA_REQUIRED`: %s of %j",
    async (name, data, why) => {
      const required = fields.map((field) => ({ ...field, required: field.name === name }));
      expect(await engine.rejection(template(...required), { payload: data })).toMatchObject({
        stage: "output",
        type: "output",
        code: "EVA_REQUIRED",
        message: `EVA field "${name}": ${why}; the field is required`,
      });
    },
  );

  test.each(fields)(
    "that is required, and missing or null, is `output`/`EVA_REQUIRED`: $name",
    async (field) => {
      const required = template({ ...field, required: true });
      const expected = { stage: "output", type: "output", code: "EVA_REQUIRED" };
      expect(await engine.rejection(required, { payload: { other: 1 } })).toMatchObject(expected);
      const nulls = { t: null, model: null, open: null, seen: null, lat: null, lon: null };
      expect(await engine.rejection(required, { payload: nulls })).toMatchObject(expected);
    },
  );

  test("that is required, and missing in one event of an array, costs all of them", async () => {
    const transform =
      "function transform() { return [{ eventType: 'x', data: { t: 1 } }, { eventType: 'x', data: { a: 1 } }] }";
    const eva = [{ name: "t", type: "number", path: "$.data.t", required: true }];
    expect(await engine.rejection({ transform, eva })).toMatchObject({
      code: "EVA_REQUIRED",
      message: 'event 1: EVA field "t": missing; the field is required',
    });
  });
});

test("a template whose EVA fields are broken costs only its own events", async () => {
  const good = template(fields[0] as object);
  const tree = catalogOf(
    { good, bad: template({ name: "t", type: "number", path: "t" }) },
    {
      "acme/assets.json": [
        { assetId: "good", templateId: "good" },
        { assetId: "bad", templateId: "bad" },
      ],
    },
  );
  const outcomes = await engine.runCatalog(
    tree,
    ["good", "bad", "good"].map((assetId) => ({ assetId, payload: { t: 1 } })),
  );
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["standard", "rejected", "standard"]);
});
