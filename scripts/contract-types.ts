import { compile, type JSONSchema } from "json-schema-to-typescript";
import { namedSchemas, type CodeRow, type Schema, type SchemaSet } from "./schema-set.ts";

/** Compiles all schemas as one, so that what several of them share becomes one type. */
export async function contractTypes(schemas: SchemaSet): Promise<string> {
  const names = typeNames(schemas);
  const definitions: Schema = {};
  for (const [id, schema] of schemas) {
    for (const [pointer, definition] of namedSchemas(schema)) {
      const name = names.get(id + pointer);
      if (name !== undefined)
        definitions[name] = { ...forTypes(definition, id, schemas, names), title: name };
    }
  }
  const text = await compile({ title: "Contract", definitions, type: "object" } as JSONSchema, "Contract", {
    additionalProperties: false,
    bannerComment: "",
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    style: { printWidth: 110 },
  });
  // The compiler wants a root; nothing but the definitions is of use.
  return tidyComments(text.replace(/export interface Contract \{\}\n/, ""));
}

/** The type's name of each root and definition, by full reference. A root that describes no document has none. */
function typeNames(schemas: SchemaSet): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [id, schema] of schemas) {
    for (const [pointer, definition] of namedSchemas(schema)) {
      const holdsDefinitionsOnly =
        pointer === "" &&
        Object.keys(definition).every(
          (key) => key.startsWith("$") || key === "title" || key === "description",
        );
      if (!holdsDefinitionsOnly) names.set(id + pointer, pascalCase(String(definition["title"])));
    }
  }
  if (new Set(names.values()).size !== names.size)
    throw new Error("two schemas would give types of one name");
  return names;
}

function pascalCase(title: string): string {
  return title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join("");
}

/** A schema as the type compiler is to see it. */
function forTypes(
  schema: Schema,
  id: string,
  schemas: SchemaSet,
  names: ReadonlyMap<string, string>,
): Schema {
  const map = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(map);
    if (typeof value !== "object" || value === null) return value;
    return forTypes(value as Schema, id, schemas, names);
  };
  if (typeof schema["$ref"] === "string") return referenceForTypes(schema, id, schemas, names);
  if (isRoomForLater(schema)) return map(schema.anyOf[0]) as Schema;
  const kept = Object.entries(simplified(schema)).filter(([key]) => !ignoredKeys.has(key));
  if (kept.every(([key]) => key === "description")) kept.push(["tsType", "unknown"]);
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === "properties" ? mapProperties(value, map) : map(value)]),
  );
}

/** Keys that make no difference to a type, or a name where none is wanted. */
const ignoredKeys = new Set(["title", "$schema", "$id", "default", "dependentSchemas"]);

/** Rules that the type compiler does not know, in words that it does. */
function simplified(schema: Schema): Schema {
  const { description, oneOf, ...rest } = schema;
  if (isCodeTable(schema)) return { description, enum: schema.oneOf.map((row) => row.const) };
  if ("then" in schema && "else" in schema) return { description, oneOf: [schema["then"], schema["else"]] };
  const isOneKey = schema["minProperties"] === 1 && schema["maxProperties"] === 1;
  if (isOneKey) return { description, oneOf: singleKeyObjects(schema["properties"] as Schema) };
  return onlyRequires(oneOf) ? { description, ...rest } : schema;
}

/** "Exactly one of these keys" as the alternatives that it stands for. */
function singleKeyObjects(properties: Schema): Schema[] {
  return Object.entries(properties).map(([key, value]) => ({
    type: "object",
    properties: { [key]: value },
    required: [key],
  }));
}

function mapProperties(properties: unknown, map: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(properties as Schema).map(([key, value]) => [key, map(value)]));
}

/** A plain reference keeps the type's name; one with a description of its own shows that instead. */
function referenceForTypes(
  { $ref, description }: Schema,
  id: string,
  schemas: SchemaSet,
  names: ReadonlyMap<string, string>,
): Schema {
  const [targetId, pointer] = String($ref).startsWith("#")
    ? [id, String($ref)]
    : splitReference(String($ref));
  const name = names.get(targetId + pointer);
  const target = namedSchemas(schemas.get(targetId) ?? {}).find(([key]) => key === pointer)?.[1];
  if (name === undefined || target === undefined) throw new Error(`${String($ref)} in ${id} leads nowhere`);
  if (description === undefined) return { $ref: `#/definitions/${name}` };
  return { ...forTypes(target, targetId, schemas, names), description };
}

function splitReference(reference: string): [id: string, pointer: string] {
  const hash = reference.indexOf("#");
  return hash === -1 ? [reference, ""] : [reference.slice(0, hash), reference.slice(hash)];
}

/** A table of constants: the type is the union of their values. */
function isCodeTable(schema: Schema): schema is Schema & { oneOf: readonly CodeRow[] } {
  return Array.isArray(schema["oneOf"]) && schema["oneOf"].every((entry: Schema) => "x-cure" in entry);
}

/** A value that later releases may widen. What this release writes is the first alternative. */
function isRoomForLater(schema: Schema): schema is Schema & { anyOf: readonly unknown[] } {
  return (
    Array.isArray(schema["anyOf"]) &&
    schema["anyOf"].some((entry: Schema) => String(entry["title"]).includes("later release"))
  );
}

/** Alternatives that only say which key must be there: a rule for validators, and only noise as a type. */
function onlyRequires(alternatives: unknown): boolean {
  if (!Array.isArray(alternatives)) return false;
  return alternatives.every((entry: Schema) =>
    Object.keys(entry).every((key) => key === "title" || key === "required"),
  );
}

/** Takes out the lines in which the compiler says how it came to a definition, and comments that then say nothing. */
function tidyComments(text: string): string {
  const tidied = text
    .replace(/ \*\n \* This interface was referenced by [^\n]*\n \* via the [^\n]*\n/g, "")
    .replace(/\/\*\*\n \* This interface was referenced by [^\n]*\n \* via the [^\n]*\n \*\/\n/g, "")
    .replace(/^}\n(?=\/\*\*|export)/gm, "}\n\n")
    .replace(/^(export type .*;)\n(?=\/\*\*)/gm, "$1\n\n")
    .replace(/\n{3,}/g, "\n\n");
  return `${tidied.trim()}\n`;
}

/** The table of codes as a constant. */
export function contractTable(codes: readonly CodeRow[]): string {
  const entries = codes.map((code) => {
    const stages = code["x-stages"].map((stage) => JSON.stringify(stage)).join(", ");
    return [
      `  ${code.const}: Object.freeze({`,
      `    type: ${JSON.stringify(code["x-type"])},`,
      `    stages: Object.freeze<RejectionStage[]>([${stages}]),`,
      `    meaning: ${JSON.stringify(code.description)},`,
      `    cure: ${JSON.stringify(code["x-cure"])},`,
      `  }),`,
    ].join("\n");
  });
  return [
    "/** What the table of codes says of one code. */",
    "export interface RejectionCodeEntry {",
    "  /** The one type that the code belongs to. */",
    "  readonly type: RejectionType;",
    "  /** Where it occurs. */",
    "  readonly stages: readonly RejectionStage[];",
    "  /** What happened. */",
    "  readonly meaning: string;",
    "  /** What to do about it. */",
    "  readonly cure: string;",
    "}",
    "",
    "/** The one table of codes, in the schema's order. */",
    "export const rejectionCodes: Readonly<Record<RejectionCode, RejectionCodeEntry>> = Object.freeze({",
    ...entries,
    "});",
    "",
  ].join("\n");
}
