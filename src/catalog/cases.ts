import { join } from "node:path";
import type { CaseEntry } from "../model/contract.ts";
import { checkCases } from "../model/validators.ts";
import type { CatalogFinding } from "./catalog-finding.ts";
import { duplicateKeyFindings, parseDocument, schemaFindings } from "./json-document.ts";
import { absenceFinding, readNames, readTextFile } from "./text-file.ts";

/** One case of a template, with where it stands. */
export interface TemplateCase {
  readonly case: CaseEntry;
  /** Path of the file, beginning as the template's directory was given. */
  readonly file: string;
  /** Whether the file holds this case alone or an array of cases. */
  readonly shape: "one" | "array";
  /** The case's index in the file's array; 0 where it stands alone. */
  readonly index: number;
}

export interface ReadCases {
  /** In the order of the files' names and, in a file, of the file. */
  readonly cases: readonly TemplateCase[];
  readonly findings: readonly CatalogFinding[];
}

/** Reads `cases/*.json` of a template. A case that is wrong costs the others nothing. */
export async function readCases(templateDirectory: string): Promise<ReadCases> {
  const directory = join(templateDirectory, "cases");
  const listed = await readNames(directory);
  switch (listed.kind) {
    case "missing":
      return { cases: [], findings: [] };
    case "unreadable":
      return { cases: [], findings: [absenceFinding("cases", directory, listed)] };
    case "names":
  }
  const read: ReadCases[] = [];
  for (const name of listed.names) {
    if (name.endsWith(".json") && !name.startsWith("."))
      read.push(await readCaseFile(name, join(directory, name)));
  }
  return { cases: read.flatMap(({ cases }) => cases), findings: read.flatMap(({ findings }) => findings) };
}

async function readCaseFile(name: string, path: string): Promise<ReadCases> {
  const file = await readTextFile(path);
  if (file.kind !== "text") return { cases: [], findings: [absenceFinding(name, path, file)] };
  const document = parseDocument(file.text, path);
  if (document.kind === "broken") return { cases: [], findings: document.findings };
  const { value, places } = document;
  const shape = Array.isArray(value) && value.length > 0 ? "array" : "one";
  const entries: readonly unknown[] = shape === "array" ? (value as unknown[]) : [value];
  const cases: TemplateCase[] = [];
  const findings: CatalogFinding[] = duplicateKeyFindings(document, path);
  entries.forEach((entry, index) => {
    const checked = checkCases(entry);
    // The schema takes an array wherever it takes a case, and an array within an array is none.
    if (checked.kind === "valid" && !Array.isArray(checked.value)) {
      cases.push({ case: checked.value, file: path, shape, index });
    } else if (checked.kind === "valid") {
      const message = `at /${index}: an array is not a case`;
      findings.push({
        severity: "error",
        code: "BAD_VALUE",
        message,
        file: path,
        ...places.positionOf(`/${index}`),
      });
    } else {
      findings.push(
        ...schemaFindings(checked, { path, places, pointer: shape === "array" ? `/${index}` : "" }),
      );
    }
  });
  return { cases, findings };
}
