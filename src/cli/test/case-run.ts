import caseSchema from "../../../schemas/case.schema.json" with { type: "json" };
import type { Engine } from "../../app/engine-port.ts";
import { readCases, type TemplateCase } from "../../catalog/cases.ts";
import type { CatalogFinding } from "../../catalog/catalog-finding.ts";
import { readOrgDirectory, type DirectoryOrg } from "../../catalog/org-directory.ts";
import type { DirectoryTemplate } from "../../catalog/template-directory.ts";
import type { Config } from "../../config/config.ts";
import type { IntakeFault } from "../../intake/intake-fault.ts";
import { readLine } from "../../intake/ndjson-line.ts";
import type { CatalogView } from "../../intake/resolve.ts";
import type { CaseEntry, CaseExpectation } from "../../model/contract.ts";
import { MillraceError } from "../../model/error.ts";
import type { RawEvent } from "../../model/raw-event.ts";
import { parseTimestamp } from "../../model/timestamp.ts";
import type { Processed } from "../../pipeline/outcome.ts";
import { compareOutcome } from "./case-expectation.ts";
import type { OrgTarget } from "./test-targets.ts";

/** A case that was run. */
export interface CaseResult extends TemplateCase {
  readonly verdict: "passed" | "failed";
  readonly actual: CaseExpectation;
  readonly processed: Processed;
}

/** A template whose cases were run. */
export interface TemplateResult {
  readonly orgId: string;
  readonly templateId: string;
  readonly directory: string;
  readonly cases: readonly CaseResult[];
}

/** What became of all cases that were asked for. */
export interface TestResult {
  readonly templates: readonly TemplateResult[];
  /** What is wrong with the files themselves. */
  readonly findings: readonly CatalogFinding[];
}

/** Reads and runs the cases of some orgs, one org after the other, until `stop`. Rejects with a platform fault. */
export async function runTargets(
  engine: Engine,
  targets: readonly OrgTarget[],
  config: Config,
  stop: AbortSignal,
): Promise<TestResult> {
  const templates: TemplateResult[] = [];
  const findings: CatalogFinding[] = [];
  for (const target of targets) {
    const org = await readOrgDirectory(target.orgId, target.directory, config.limits);
    engine.useCatalog(caseView(org));
    findings.push(...org.findings);
    for (const template of org.templates.values()) {
      if (stop.aborted || !target.wants(template.directory)) continue;
      const read = await readCases(template.directory);
      findings.push(...template.findings, ...read.findings);
      const cases = read.cases.filter(({ file }) => target.wants(template.directory, file));
      templates.push(await runTemplate(engine, org.orgId, template, cases, config));
    }
  }
  return { templates, findings };
}

async function runTemplate(
  engine: Engine,
  orgId: string,
  { templateId, directory }: DirectoryTemplate,
  cases: readonly TemplateCase[],
  config: Config,
): Promise<TemplateResult> {
  const events = cases.map((entry) => caseEvent(orgId, templateId, entry.case, config));
  const outcomes: Processed[] = [];
  for await (const group of engine.process(oneGroup(events))) outcomes.push(...group);
  const results = cases.map((entry, index): CaseResult => {
    const processed = outcomes[index];
    if (processed === undefined)
      throw new MillraceError("INTERNAL", `the case ${JSON.stringify(entry.case.name)} got no outcome`);
    return { ...entry, ...compareOutcome(entry.case.expect, processed.outcome), processed };
  });
  return { orgId, templateId, directory, cases: results };
}

async function* oneGroup<T>(items: readonly T[]): AsyncGenerator<readonly T[], void, undefined> {
  if (items.length > 0) yield items;
}

/** What a case's input leaves out. */
const { assetId, eventId, time } = caseSchema.$defs.caseInput.properties;

/** A case's input as the line that `run` would read; its record's timestamp is its time, so that nothing moves. */
function caseEvent(
  orgId: string,
  templateId: string,
  { input }: CaseEntry,
  config: Config,
): RawEvent | IntakeFault {
  const line = {
    orgId,
    templateId,
    assetId: assetId.default,
    eventId: eventId.default,
    time: time.default,
    ...input,
  };
  const nowMs = parseTimestamp(line.time) ?? parseTimestamp(time.default) ?? 0;
  const { payloadBytes } = config.limits;
  return readLine(Buffer.from(JSON.stringify(line)), { line: 1, nowMs, limits: { payloadBytes } });
}

/** An org in which every case runs through its own template, whatever the asset that it names is bound to. */
function caseView(org: DirectoryOrg): CatalogView {
  return {
    org: (orgId) => (orgId === org.orgId ? org : undefined),
    asset: (_orgId, id) => {
      const { templateId: _binding, ...asset } = org.assets.get(id) ?? {};
      return "assetId" in asset ? asset : undefined;
    },
    template: (_orgId, templateId) => org.templates.get(templateId)?.template,
  };
}
