import { settings } from "../src/config/settings.ts";
import { namedSchemas, type CodeRow, type Schema, type SchemaSet } from "./schema-set.ts";

/** `docs/reference/rejections.md`: a table of codes for each type. */
export function rejectionsPage(codes: readonly CodeRow[], notice: string): string {
  const types = [...new Set(codes.map((row) => row["x-type"]))];
  const sections = types.map((type) => {
    const rows = codes
      .filter((row) => row["x-type"] === type)
      .map((row) => [
        code(row.const),
        row["x-stages"].map((stage) => code(stage)).join(", "),
        row.description,
        row["x-cure"],
      ]);
    return `## \`${type}\`\n\n${table(["Code", "Stage", "What happened", "What to do"], rows)}`;
  });
  return [
    "# Rejection codes",
    "",
    `<!-- ${notice} -->`,
    "",
    "A raw event that has no standard event becomes a rejection. Its `type` says what kind of thing happened, its `stage` where, and its `code` what exactly. The whole of a rejection is in [rejection.schema.json](../../schemas/rejection.schema.json). New codes are added without a new schema version: take one that you do not know by its `type`.",
    "",
    sections.join("\n"),
  ].join("\n");
}

/** `docs/reference/configuration.md`: all settings in one table. */
export function configurationPage(schemas: SchemaSet, notice: string): string {
  const config = schemas.get("urn:millrace:schema:config:1") as Schema;
  return [
    "# Configuration",
    "",
    `<!-- ${notice} -->`,
    "",
    "The file given with `--config` is YAML or JSON; a key such as `limits.stageCpuMs` is the key `stageCpuMs` under `limits`. Unknown keys are refused. An environment variable goes before the file, a flag before both. The whole is in [config.schema.json](../../schemas/config.schema.json).",
    "",
    table(["Key", "Variable", "Values", "Default", "Meaning"], settingRows(config, config, "")),
  ].join("\n");
}

function settingRows(schema: Schema, config: Schema, prefix: string): string[][] {
  return Object.entries(schema["properties"] as Record<string, Schema>).flatMap(([key, property]) => {
    const reference = property["$ref"];
    if (typeof reference === "string") {
      const definition = namedSchemas(config).find(([pointer]) => pointer === reference)?.[1] as Schema;
      return settingRows(definition, config, `${prefix}${key}.`);
    }
    const name = `${prefix}${key}`;
    const variable = settings.find((setting) => setting.key === name)?.variable ?? "";
    return [
      [
        code(name),
        code(variable),
        settingValues(property),
        settingDefault(property),
        String(property["description"]),
      ],
    ];
  });
}

function settingValues(property: Schema): string {
  if (Array.isArray(property["enum"])) return property["enum"].map((value) => code(String(value))).join(", ");
  if (property["type"] === "integer")
    return `${Number(property["minimum"])} to ${Number(property["maximum"])}`;
  return String(property["type"]);
}

function settingDefault(property: Schema): string {
  if ("default" in property) return code(String(property["default"]));
  return typeof property["x-default"] === "string" ? property["x-default"] : "none";
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableLine(head), tableLine(head.map(() => "---")), ...rows.map(tableLine), ""].join("\n");
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
