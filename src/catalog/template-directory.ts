import { join } from "node:path";
import type { CatalogTemplate } from "../intake/resolve.ts";
import type { OrgLimits, TemplateFile } from "../model/contract.ts";
import type { EventFault } from "../model/script-fault.ts";
import { prepareTemplate, type SourceFile } from "../script/prepare-template.ts";
import type { ScriptFinding } from "../script/finding.ts";
import type { CatalogFinding } from "./catalog-finding.ts";
import { readStageFiles } from "./stage-files.ts";
import { scriptFault } from "./template-fault.ts";
import { readTemplateFile } from "./template-file.ts";
import {
  resolveLimits,
  type DeploymentLimits,
  type OuterLimits,
  type ResolvedLimits,
} from "./template-limits.ts";

/** A template as its directory holds it. */
export interface DirectoryTemplate {
  readonly templateId: string;
  readonly directory: string;
  /** What its events run through, or the fault that each of them gets. */
  readonly template: CatalogTemplate;
  /** The limits that count for its events. */
  readonly limits: ResolvedLimits;
  readonly findings: readonly CatalogFinding[];
}

/** The version of a template whose `template.json` does not say it. */
const unknownVersion = "unknown";

/** Where a template stands in its catalog. */
export interface TemplatePlace {
  readonly orgId: string;
  readonly templateId: string;
  readonly directory: string;
  readonly deployment: DeploymentLimits;
  readonly org: OrgLimits;
}

/** Reads a template with its scripts. One that cannot run stays there as broken, with the fault for its events. */
export async function readTemplateDirectory(place: TemplatePlace): Promise<DirectoryTemplate> {
  const { templateId, directory, deployment, org } = place;
  const read = await readTemplateFile(join(directory, "template.json"), outerLimits(deployment, org));
  const { version = unknownVersion, findings, result } = read;
  if (result.kind === "broken") {
    const limits = resolveLimits(deployment, org);
    return { templateId, directory, limits, findings, template: broken(place, version, result.fault) };
  }
  const { content, places } = result;
  const limits = resolveLimits(deployment, org, content.limits);
  const { files, refused } = await readStageFiles(directory, content, places, deployment.sourceBytes);
  const [first] = refused;
  if (first !== undefined) {
    const all = [...findings, ...refused.map(({ finding }) => finding)];
    return { templateId, directory, limits, findings: all, template: broken(place, version, first.fault) };
  }
  return prepare(place, content, files, limits, findings);
}

/** The limits around a template's own, with words for whose they are. */
export function outerLimits(deployment: DeploymentLimits, org: OrgLimits): readonly OuterLimits[] {
  return [
    { limits: org, owner: "org.json" },
    { limits: deploymentAround(deployment), owner: "the configuration" },
  ];
}

function deploymentAround({ stageCpuMs, memoryMb, outputBytes, payloadBytes }: DeploymentLimits): OrgLimits {
  return { stageCpuMs, memoryMb, outputBytes, payloadBytes };
}

async function prepare(
  place: TemplatePlace,
  content: TemplateFile,
  files: readonly SourceFile[],
  limits: ResolvedLimits,
  findings: readonly CatalogFinding[],
): Promise<DirectoryTemplate> {
  const { orgId, templateId, directory, deployment } = place;
  const { version, contentType, dialect = "auto", eva = [] } = content;
  const { stageCpuMs, memoryBytes, outputBytes } = limits;
  const prepared = await prepareTemplate({
    orgId,
    templateId,
    templateVersion: version,
    files,
    dialect,
    eva,
    limits: { stageCpuMs, memoryBytes, outputBytes },
    sourceLimitBytes: deployment.sourceBytes,
    ...(contentType !== undefined && { contentType }),
  });
  const inFile = prepared.findings.map((finding) => toCatalogFinding(finding, directory));
  const template: CatalogTemplate =
    prepared.kind === "broken"
      ? broken(place, version, scriptFault(prepared.findings))
      : {
          kind: "runnable",
          runnable: prepared.runnable,
          ...(contentType !== undefined && { contentType }),
          ...(limits.payloadBytes < deployment.payloadBytes && { payloadBytes: limits.payloadBytes }),
        };
  return { templateId, directory, limits, template, findings: [...findings, ...inFile] };
}

function toCatalogFinding({ stage: _stage, ...finding }: ScriptFinding, directory: string): CatalogFinding {
  return finding.file === undefined ? finding : { ...finding, file: join(directory, finding.file) };
}

function broken({ templateId }: TemplatePlace, templateVersion: string, fault: EventFault): CatalogTemplate {
  return { kind: "broken", templateId, templateVersion, fault };
}
