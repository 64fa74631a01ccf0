import { diff } from "jest-diff";
import { hasError } from "../../catalog/catalog-finding.ts";
import type { CaseResult, TemplateResult, TestResult } from "./case-run.ts";
import { shownPath } from "../catalog-path.ts";
import { consoleText, indented, rejectionText } from "../event-report.ts";
import { findingText, plural } from "../finding-text.ts";
import type { Colors, Host } from "../host.ts";
import { duration } from "../numbers.ts";
import { printable, printableLine } from "../printable.ts";

/** Results with what `--update` did about them. */
export interface TestReport {
  readonly result: TestResult;
  /** Failed cases whose expectation was written anew. */
  readonly updated: ReadonlySet<CaseResult>;
  readonly elapsedMs: number;
}

/** Whether anything is left that a person must look at. */
export function hasFailed({ result, updated }: TestReport): boolean {
  return hasError(result.findings) || allCases(result).some((each) => isFailed(each, updated));
}

/** The report as a person reads it; the end matters most. */
export function reportText(report: TestReport, { dataColors: colors, workingDir }: Host): string {
  const { result, updated } = report;
  const worthTelling = result.findings.filter(({ severity }) => severity !== "hint");
  const lines = [
    ...result.templates.flatMap((template) => templateText(template, report, colors, workingDir)),
    ...worthTelling.flatMap((finding) => findingText(finding, colors, workingDir)),
    "",
    summaryText(result, updated, report.elapsedMs, colors),
  ];
  return `${lines.join("\n")}\n`;
}

/** The report for programs. */
export function reportJson(report: TestReport): string {
  const { result, updated } = report;
  const cases = result.templates.flatMap(({ orgId, templateId, cases: each }) =>
    each.map((entry) => ({
      orgId,
      templateId,
      name: entry.case.name,
      file: entry.file,
      index: entry.index,
      verdict: updated.has(entry) ? "updated" : entry.verdict,
      expected: entry.case.expect,
      actual: entry.actual,
      console: entry.processed.console ?? [],
    })),
  );
  const of = (verdict: string): number => cases.filter((entry) => entry.verdict === verdict).length;
  const withoutCases = result.templates.filter((template) => template.cases.length === 0);
  const summary = {
    passed: of("passed"),
    failed: of("failed"),
    updated: of("updated"),
    withoutCases: withoutCases.map(({ orgId, templateId }) => `${orgId}/${templateId}`),
    findings: result.findings,
    cases,
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function templateText(
  template: TemplateResult,
  { updated }: TestReport,
  colors: Colors,
  workingDir: string,
): string[] {
  const { orgId, templateId, cases } = template;
  const name = `${orgId}/${templateId}`;
  if (cases.length === 0) return [`${colors.yellow("-")} ${name}  ${colors.yellow("has no cases")}`];
  const failed = cases.filter((each) => isFailed(each, updated));
  const rewritten = cases.filter((each) => updated.has(each)).length;
  const counted =
    failed.length === 0
      ? plural(cases.length, "case")
      : `${failed.length} of ${plural(cases.length, "case")} failed`;
  const sign = failed.length === 0 ? colors.green("✓") : colors.red("✗");
  return [
    `${sign} ${name}  ${counted}${rewritten === 0 ? "" : colors.yellow(`, ${plural(rewritten, "expectation")} updated`)}`,
    ...cases.flatMap((each) =>
      isFailed(each, updated) ? failureText(each, template, colors, workingDir) : quietText(each, colors),
    ),
  ];
}

/** Of a case that passed only what its scripts said. */
function quietText({ case: { name }, processed }: CaseResult, colors: Colors): string[] {
  const lines = consoleText(processed.console ?? [], colors);
  return lines.length === 0 ? [] : [`  ${colors.dim(printableLine(name))}`, ...indented(lines, "    ")];
}

function failureText(
  result: CaseResult,
  template: TemplateResult,
  colors: Colors,
  workingDir: string,
): string[] {
  const { case: entry, file, index, shape, actual, processed } = result;
  const place = `${shownPath(file, workingDir)}${shape === "array" ? ` [${index}]` : ""}`;
  const { outcome } = processed;
  const rejection =
    outcome.kind === "rejected"
      ? rejectionText(outcome.rejection, () => template.directory, { colors, workingDir })
      : [];
  return [
    "",
    `  ${colors.red("✗")} ${colors.bold(printableLine(entry.name))}  ${colors.dim(printableLine(place))}`,
    ...indented(
      [
        ...diffText(entry.expect, actual, colors),
        ...consoleText(processed.console ?? [], colors),
        ...rejection,
      ],
      "    ",
    ),
    "",
  ];
}

/** The expectation against what came out, with two equal lines around each difference. */
function diffText(expected: unknown, actual: unknown, colors: Colors): string[] {
  const text = diff(expected, actual, {
    aAnnotation: "expected",
    bAnnotation: "came out",
    aColor: colors.green,
    bColor: colors.red,
    changeColor: colors.inverse,
    commonColor: colors.dim,
    patchColor: colors.yellow,
    contextLines: 2,
    expand: false,
  });
  return text === null ? [] : plainUnless(colors, text).split("\n");
}

/** The values come from devices and scripts; the colours of the difference itself stay. */
function plainUnless(colors: Colors, text: string): string {
  if (!colors.isColorSupported) return printable(text);
  return text
    .split(/(\u001b\[\d+m)/)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join("");
}

function summaryText(
  result: TestResult,
  updated: ReadonlySet<CaseResult>,
  elapsedMs: number,
  colors: Colors,
): string {
  const cases = allCases(result);
  const failed = cases.filter((each) => isFailed(each, updated)).length;
  const errors = result.findings.filter(({ severity }) => severity === "error").length;
  const passed = cases.length - failed - updated.size;
  return [
    ...(failed > 0 ? [colors.red(`${failed} failed`)] : []),
    ...(errors > 0 ? [colors.red(plural(errors, "error"))] : []),
    ...(updated.size > 0 ? [colors.yellow(`${updated.size} updated`)] : []),
    colors.green(`${passed} passed`),
    `${plural(cases.length, "case")} of ${plural(result.templates.length, "template")} in ${duration(elapsedMs)}`,
  ].join(", ");
}

function isFailed(result: CaseResult, updated: ReadonlySet<CaseResult>): boolean {
  return result.verdict === "failed" && !updated.has(result);
}

function allCases(result: TestResult): readonly CaseResult[] {
  return result.templates.flatMap(({ cases }) => cases);
}
