import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";

const directory = fileURLToPath(new URL("../../schemas", import.meta.url));

export interface SchemaFile {
  readonly file: string;
  readonly name: string;
  readonly schema: Record<string, unknown>;
}

/** Every schema of the contract as it stands on disk. */
export const schemaFiles: readonly SchemaFile[] = readdirSync(directory)
  .filter((file) => file.endsWith(".schema.json"))
  .map((file) => ({
    file,
    name: file.replace(".schema.json", ""),
    schema: JSON.parse(readFileSync(`${directory}/${file}`, "utf8")) as Record<string, unknown>,
  }));

/**
 * A validator as anyone has it: strict, and with no knowledge of the `x-` keywords but that they are annotations.
 * `strictRequired` stays off because alternatives name keys that are declared beside them.
 */
export function plainValidator(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  ajv.addVocabulary(["x-max-bytes", "x-unique-by", "x-default", "x-type", "x-stages", "x-cure"]);
  for (const { schema } of schemaFiles) ajv.addSchema(schema);
  return ajv;
}
