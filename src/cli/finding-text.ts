import type { CatalogFinding } from "../catalog/catalog-finding.ts";
import { shownPath } from "./catalog-path.ts";
import { indented, textOf } from "./event-report.ts";
import type { Colors } from "./host.ts";
import { grouped } from "./numbers.ts";
import { printableLine } from "./printable.ts";
import { snippet } from "../script/snippet.ts";

/** A finding as a person reads it: place, severity, code and message, then the line itself with a caret. */
export function findingText(finding: CatalogFinding, colors: Colors, workingDir: string): string[] {
  const { severity, code, message, file, line, column } = finding;
  const place =
    file === undefined
      ? []
      : [[shownPath(file, workingDir), line, column].filter((part) => part !== undefined).join(":")];
  const paint = { error: colors.red, warning: colors.yellow, hint: colors.cyan }[severity];
  const head = [
    ...place.map((text) => colors.bold(printableLine(text))),
    paint(severity),
    colors.dim(code),
    printableLine(message),
  ].join(" ");
  if (file === undefined || line === undefined || column === undefined) return [head];
  const text = textOf(file);
  const lines = text === undefined ? undefined : snippet(text, { line, column });
  return lines === undefined ? [head] : [head, ...indented(lines.split("\n"), "    ")];
}

/** `2 errors, 1 warning, 3 hints`. */
export function countedFindings(findings: readonly CatalogFinding[]): string {
  const severities = ["error", "warning", "hint"] as const;
  return severities
    .map((severity) => plural(findings.filter((finding) => finding.severity === severity).length, severity))
    .join(", ");
}

/** `1 case`, `1,200 cases`. */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
