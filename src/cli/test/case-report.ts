import { hasError } from "../../catalog/catalog-finding.ts";
import { differenceText } from "./case-difference.ts";
import type { CaseResult, TemplateResult, TestResult } from "./case-run.ts";
import { shownPath } from "../catalog-path.ts";
import { consoleText, indented, rejectionText, type TextView } from "../event-report.ts";
import { findingText, plural } from "../finding-text.ts";
import type { Colors, Host } from "../host.ts";
import { duration } from "../numbers.ts";
import { printableLine } from "../printable.ts";

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
  ];
  const end = [...(lines.at(-1) === "" ? [] : [""]), summaryText(result, updated, report.elapsedMs, colors)];
  return `${[...lines, ...end].join("\n")}\n`;
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
  const told = new Set<string>();
  const sign = failed.length === 0 ? colors.green("✓") : colors.red("✗");
  return [
    `${sign} ${name}  ${counted}${rewritten === 0 ? "" : colors.yellow(`, ${plural(rewritten, "expectation")} updated`)}`,
    ...cases.flatMap((each) =>
      isFailed(each, updated)
        ? failureText(each, template, { colors, workingDir }, told)
        : quietText(each, colors),
    ),
    ...(failed.length === 0 ? [] : [""]),
  ];
}

/** Of a case that passed only what its scripts said. */
function quietText({ case: { name }, processed }: CaseResult, colors: Colors): string[] {
  const lines = consoleText(processed.console ?? [], colors);
  return lines.length === 0 ? [] : [`  ${colors.dim(printableLine(name))}`, ...indented(lines, "    ")];
}

/** Of a case that failed what differs and why; a rejection that `told` has already is not told at length again. */
function failureText(
  result: CaseResult,
  template: TemplateResult,
  view: TextView,
  told: Set<string>,
): string[] {
  const { case: entry, file, index, shape, actual, processed } = result;
  const { colors, workingDir } = view;
  const place = `${shownPath(file, workingDir)}${shape === "array" ? ` [${index}]` : ""}`;
  const { outcome } = processed;
  const rejection =
    outcome.kind === "rejected" ? rejectionText(outcome.rejection, () => template.directory, view) : [];
  const again = told.has(rejection.join("\n"));
  told.add(rejection.join("\n"));
  return [
    "",
    `  ${colors.red("✗")} ${colors.bold(printableLine(entry.name))}  ${colors.dim(printableLine(place))}`,
    ...indented(
      [
        ...differenceText(entry.expect, actual, colors),
        ...consoleText(processed.console ?? [], colors),
        ...(again && rejection.length > 0 ? [colors.dim("the same rejection as above")] : rejection),
      ],
      "    ",
    ),
  ];
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
