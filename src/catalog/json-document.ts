import type { Checked } from "../model/validators.ts";
import type { Position } from "../script/finding.ts";
import type { CatalogFinding, CatalogFindingCode } from "./catalog-finding.ts";
import { jsonPlaces, parseJsonText, type JsonPlaces } from "./json-text.ts";
import { nearestName } from "../model/nearest-name.ts";

/** A file of JSON that parsed, with a way to find places in it. */
export interface JsonDocument {
  readonly kind: "document";
  readonly value: unknown;
  readonly places: JsonPlaces;
}

/** Parses a file's text; the findings say where it is no JSON. A byte order mark is passed over. */
export function parseDocument(
  text: string,
  path: string,
): JsonDocument | { readonly kind: "broken"; readonly findings: readonly CatalogFinding[] } {
  const content = text.replace(/^\ufeff/, "");
  const parsed = parseJsonText(content);
  if (parsed.kind === "json") return { kind: "document", value: parsed.value, places: jsonPlaces(content) };
  const message = `not valid JSON: ${parsed.message}`;
  return {
    kind: "broken",
    findings: [{ severity: "error", code: "NOT_JSON", message, file: path, ...parsed.position }],
  };
}

/** A finding for each key that stands twice in its object: only the last would count, which nobody means. */
export function duplicateKeyFindings({ places }: JsonDocument, path: string): CatalogFinding[] {
  return places.duplicateKeys().map(({ key, position }) => ({
    severity: "error",
    code: "DUPLICATE_KEY",
    message: `the key ${JSON.stringify(key)} stands twice in the same object`,
    file: path,
    ...position,
  }));
}

/** The part of a document that was checked by itself. */
export interface CheckedPart {
  readonly path: string;
  readonly places: JsonPlaces;
  /** JSON pointer from the document to the part; empty for the whole. */
  readonly pointer: string;
}

/** Findings for what a schema's check says of a document or a part of one. */
export function schemaFindings(checked: Checked<unknown>, part: CheckedPart): CatalogFinding[] {
  if (checked.kind === "valid") return [];
  return checked.problems.map((problem) => {
    const [, place = "", words = problem] = /^at (\S*): (.*)$/s.exec(problem) ?? [];
    return schemaFinding(place === "/" ? "" : place, words, part);
  });
}

const unknownKey = /^unknown key ("(?:[^"\\]|\\.)*"), allowed: (.*)$/s;

function schemaFinding(place: string, words: string, { path, places, pointer }: CheckedPart): CatalogFinding {
  const where = `${pointer}${place}`;
  const at = where === "" ? "" : `at ${where}: `;
  const [, quotedKey, allowed = ""] = unknownKey.exec(words) ?? [];
  if (quotedKey !== undefined) {
    const key = JSON.parse(quotedKey) as string;
    const nearest = nearestName(key, allowed.split(", "));
    const advice =
      nearest === undefined ? `allowed are ${allowed}` : `did you mean ${JSON.stringify(nearest)}?`;
    const message = `${at}unknown key ${quotedKey}; ${advice}`;
    return finding("UNKNOWN_KEY", message, path, places.positionOfKey(where, key));
  }
  return finding(codeOf(place), `${at}${words}`, path, places.positionOf(where));
}

function codeOf(place: string): CatalogFindingCode {
  switch (place) {
    case "/version":
    case "/assetId":
    case "/templateId":
      return "BAD_ID";
    case "/decode":
    case "/validate":
    case "/transform":
    case "/source":
      return "BAD_PATH";
    default:
      return "BAD_VALUE";
  }
}

function finding(
  code: CatalogFindingCode,
  message: string,
  file: string,
  position: Position | undefined,
): CatalogFinding {
  return { severity: "error", code, message, file, ...position };
}
