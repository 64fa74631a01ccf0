import type { EvaField, OrgLimits, TemplateFile } from "../model/contract.ts";
import { templateVersionProblem } from "../model/identity.ts";
import type { EventFault } from "../model/script-fault.ts";
import { checkTemplate } from "../model/validators.ts";
import { parseSingularPath } from "../outlet/singular-path.ts";
import type { CatalogFinding } from "./catalog-finding.ts";
import { duplicateKeyFindings, parseDocument, schemaFindings } from "./json-document.ts";
import type { JsonPlaces } from "./json-text.ts";
import { brokenFault, fileFault } from "./template-fault.ts";
import { wideLimits, type OuterLimits } from "./template-limits.ts";
import { absence, absenceFinding, readTextFile } from "./text-file.ts";

/** A `template.json` that was read. */
export interface ReadTemplateFile {
  /** The version label as far as the file shows it. */
  readonly version?: string;
  readonly findings: readonly CatalogFinding[];
  readonly result:
    | { readonly kind: "usable"; readonly content: TemplateFile; readonly places: JsonPlaces }
    | { readonly kind: "broken"; readonly fault: EventFault };
}

/** Reads and checks a `template.json` with all that its schema cannot say. */
export async function readTemplateFile(
  path: string,
  outerLimits: readonly OuterLimits[],
): Promise<ReadTemplateFile> {
  const file = await readTextFile(path);
  if (file.kind !== "text") {
    const fault = brokenFault(absence(fileName, file));
    return { findings: [absenceFinding(fileName, path, file)], result: { kind: "broken", fault } };
  }
  const document = parseDocument(file.text, path);
  if (document.kind === "broken") return refused(document.findings);
  const { value, places } = document;
  const checked = checkTemplate(value);
  const own = [...duplicateKeyFindings(document, path), ...evaFindings(value, places, path)];
  if (checked.kind === "invalid") {
    // What the schema says of equal names is said better here, with the name.
    const schema = schemaFindings(checked, { path, places, pointer: "" });
    return refused(
      [...schema.filter(({ message }) => !message.startsWith("at /eva: two items")), ...own],
      value,
    );
  }
  const findings = [...own, ...limitFindings(checked.value.limits ?? {}, outerLimits, places, path)];
  if (own.length > 0) return refused(findings, value);
  return {
    version: checked.value.version,
    findings,
    result: { kind: "usable", content: checked.value, places },
  };
}

/** What the file is called in messages. */
const fileName = "template.json";

function refused(findings: readonly CatalogFinding[], value?: unknown): ReadTemplateFile {
  return { ...versionOf(value), findings, result: { kind: "broken", fault: fileFault(fileName, findings) } };
}

function versionOf(value: unknown): { readonly version?: string } {
  const version =
    typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
  // A label outside its grammar would make the rejections that carry it invalid.
  return typeof version === "string" && templateVersionProblem(version) === undefined ? { version } : {};
}

/** A warning for each limit that has no effect, because one around it is narrower. */
export function limitFindings(
  limits: OrgLimits,
  around: readonly OuterLimits[],
  places: JsonPlaces,
  path: string,
): CatalogFinding[] {
  return wideLimits(limits, around).map(({ key, value, allowed, allowedBy }) => ({
    severity: "warning",
    code: "LIMIT_WIDENS",
    message: `limits.${key} is ${value}, wider than the ${allowed} of ${allowedBy}; ${allowed} counts`,
    file: path,
    ...places.positionOf(`/limits/${key}`),
  }));
}

const pathKeys = ["path", "latPath", "lonPath", "altPath"] as const;

/** Names that stand twice, and paths that are no singular query. Fields that are no fields are the schema's matter. */
function evaFindings(value: unknown, places: JsonPlaces, path: string): CatalogFinding[] {
  const fields = (value as { readonly eva?: unknown } | null)?.eva;
  if (!Array.isArray(fields)) return [];
  const seen = new Set<string>();
  return fields.flatMap((field: Partial<Record<string, unknown>> | null, index): CatalogFinding[] => {
    const found: CatalogFinding[] = [];
    const at = `/eva/${index}`;
    const name = field?.["name"] as EvaField["name"] | undefined;
    if (typeof name === "string" && seen.has(name)) {
      const message = `at ${at}/name: the EVA name ${JSON.stringify(name)} stands twice`;
      found.push({
        severity: "error",
        code: "DUPLICATE_EVA_NAME",
        message,
        file: path,
        ...places.positionOf(`${at}/name`),
      });
    }
    if (typeof name === "string") seen.add(name);
    for (const key of pathKeys) {
      const text = field?.[key];
      const parsed = typeof text === "string" && text.startsWith("$") ? parseSingularPath(text) : undefined;
      if (parsed?.kind !== "finding") continue;
      const message = `at ${at}/${key}: ${JSON.stringify(text)} is no path of names and indexes: ${parsed.message} (character ${parsed.position})`;
      found.push({
        severity: "error",
        code: "BAD_EVA_PATH",
        message,
        file: path,
        ...places.positionOf(`${at}/${key}`),
      });
    }
    return found;
  });
}
