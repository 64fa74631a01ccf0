import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A schema or a part of one. What it holds is only looked at here; the schema tests compile and meta-validate it. */
export type Schema = { [key: string]: unknown };

/** All schemas of the contract by `$id`, in the order of their files' names. */
export type SchemaSet = ReadonlyMap<string, Schema>;

/** One row of the table of rejection codes. */
export interface CodeRow {
  readonly const: string;
  readonly title: string;
  readonly description: string;
  readonly "x-type": string;
  readonly "x-stages": readonly string[];
  readonly "x-cure": string;
}

/** Reads `*.schema.json` in a directory. */
export function readSchemas(directory: string): SchemaSet {
  const files = readdirSync(directory).filter((file) => file.endsWith(".schema.json"));
  return new Map(
    files.toSorted().map((file) => {
      const schema = JSON.parse(readFileSync(join(directory, file), "utf8")) as Schema;
      return [String(schema["$id"]), schema];
    }),
  );
}

/** A schema's root and its definitions, by what follows its `$id` in a reference. */
export function namedSchemas(schema: Schema): readonly (readonly [pointer: string, definition: Schema])[] {
  const { $defs = {}, ...rest } = schema;
  const definitions = Object.entries($defs as Record<string, Schema>);
  return [["", rest], ...definitions.map(([key, value]): [string, Schema] => [`#/$defs/${key}`, value])];
}

/** The table of rejection codes, in the schema's order. */
export function codeRows(schemas: SchemaSet): readonly CodeRow[] {
  const rejection = schemas.get("urn:millrace:schema:rejection:1") as {
    $defs: { code: { oneOf: readonly CodeRow[] } };
  };
  return rejection.$defs.code.oneOf;
}
