import type { Finding, ScriptFindingCode } from "../script/finding.ts";

/** Codes of everything that can be said of a catalog's files, beside what is said of the scripts in it. */
export type CatalogFindingCode =
  | "NOT_JSON"
  | "BAD_VALUE"
  | "UNKNOWN_KEY"
  | "DUPLICATE_KEY"
  | "BAD_ID"
  | "BAD_PATH"
  | "MISSING_FILE"
  | "UNREADABLE_FILE"
  | "DUPLICATE_ASSET"
  | "TWO_ASSET_FILES"
  | "UNKNOWN_TEMPLATE"
  | "DUPLICATE_EVA_NAME"
  | "BAD_EVA_PATH"
  | "LIMIT_WIDENS"
  | "NO_ORG";

/** Something about a catalog; `file` is a path that begins as the catalog's own path was given. */
export type CatalogFinding = Finding<CatalogFindingCode | ScriptFindingCode>;

/** Whether anything among the findings keeps what they are about from being used. */
export function hasError(findings: readonly CatalogFinding[]): boolean {
  return findings.some(({ severity }) => severity === "error");
}
