import { describe, expect, test } from "vitest";
import { plainValidator, schemaFiles } from "./plain-validator.ts";

type Node = Record<string, unknown>;

/** Every object in a schema that is itself a schema with named properties, with its place. */
function propertyNodes(node: unknown, place: string): [place: string, node: Node][] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const below = key === "examples" || key === "enum" ? [] : propertyNodes(value, `${place}/${key}`);
    if (key !== "properties") return below;
    const own = Object.entries(value as Record<string, unknown>)
      .filter(([, property]) => typeof property === "object")
      .map(([name, property]): [string, Node] => [`${place}/properties/${name}`, property as Node]);
    return [...own, ...below];
  });
}

/** Names that need no words beyond what they are. */
const selfEvident =
  /\/(schemaVersion|outcome|event|events|eventId|rejection|type|name|valueBase64|topic|partition|number|string|bool|date|geo|required|stage)$/;

describe.each(schemaFiles)("$file", ({ name, schema }) => {
  test("is draft 2020-12 and is named by its file", () => {
    expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(schema["$id"]).toBe(`urn:millrace:schema:${name}:1`);
  });

  test("follows the meta-schema and compiles in strict mode", () => {
    const ajv = plainValidator();
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(ajv.getSchema(String(schema["$id"]))).toBeTypeOf("function");
    for (const key of Object.keys(schema["$defs"] ?? {})) {
      expect(ajv.getSchema(`${String(schema["$id"])}#/$defs/${key}`), key).toBeTypeOf("function");
    }
  });

  test("says in words what it and each of its definitions and properties are", () => {
    const definitions = Object.entries((schema["$defs"] ?? {}) as Record<string, Node>);
    const silent = [["", schema] as const, ...definitions]
      .filter(([, node]) => typeof node["title"] !== "string" || typeof node["description"] !== "string")
      .map(([key]) => key);
    const silentProperties = propertyNodes(schema, "")
      .filter(([place, node]) => !("description" in node) && !("$ref" in node) && !selfEvident.test(place))
      .filter(([place]) => !place.includes("/if/"))
      .map(([place]) => place);
    expect([...silent, ...silentProperties]).toEqual([]);
  });

  test("has examples that follow it", () => {
    const ajv = plainValidator();
    const withExamples = [
      ["", schema] as const,
      ...Object.entries((schema["$defs"] ?? {}) as Record<string, Node>),
    ];
    for (const [key, node] of withExamples) {
      const validate = ajv.getSchema(`${String(schema["$id"])}${key === "" ? "" : `#/$defs/${key}`}`);
      for (const example of (node["examples"] ?? []) as unknown[]) {
        expect(
          validate?.(example),
          `${key}: ${JSON.stringify(example)} ${JSON.stringify(validate?.errors)}`,
        ).toBe(true);
      }
    }
  });
});

describe("the table of rejection codes", () => {
  const rejection = schemaFiles.find(({ name }) => name === "rejection")?.schema as {
    $defs: { code: { oneOf: Node[] }; type: { enum: string[] }; stage: { enum: string[] } };
  };
  const rows = rejection.$defs.code.oneOf;

  test("names each code once", () => {
    const codes = rows.map((row) => row["const"]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test.each(rows.map((row) => [String(row["const"]), row] as const))(
    "says of %s what it is and what to do",
    (code, row) => {
      expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(rejection.$defs.type.enum).toContain(row["x-type"]);
      expect(row["x-stages"]).not.toEqual([]);
      for (const stage of row["x-stages"] as string[]) expect(rejection.$defs.stage.enum).toContain(stage);
      expect(String(row["title"]).length).toBeGreaterThan(0);
      expect(row["description"]).toMatch(/\.$/);
      expect(row["x-cure"]).toMatch(/\.$/);
    },
  );

  test("has a code for each type", () => {
    expect(new Set(rows.map((row) => row["x-type"]))).toEqual(new Set(rejection.$defs.type.enum));
  });
});

describe("the configuration's schema", () => {
  const config = schemaFiles.find(({ name }) => name === "config")?.schema as Node;
  const settings = propertyNodes(config, "").filter(([, node]) => !("$ref" in node));

  test.each(settings)("gives %s a default, or says why it has none", (_place, node) => {
    const isCatalog = "pattern" in node;
    expect("default" in node || "x-default" in node || isCatalog).toBe(true);
  });

  test.each(settings.filter(([, node]) => node["type"] === "integer"))(
    "says of %s what it protects and what raising it costs",
    (_place, node) => {
      expect(node["description"]).toMatch(/protect|bounds|keeps/);
      expect(node["description"]).toMatch(/[Rr]aising|more|cost/);
      expect(node["minimum"]).toBeTypeOf("number");
      expect(node["maximum"]).toBeTypeOf("number");
    },
  );
});
