import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { CatalogAsset } from "../intake/resolve.ts";
import type { OrgLimits } from "../model/contract.ts";
import { templateIdProblem } from "../model/identity.ts";
import type { EventFault } from "../model/script-fault.ts";
import { checkOrg } from "../model/validators.ts";
import { readAssets, type ReadAssets } from "./asset-file.ts";
import type { CatalogFinding } from "./catalog-finding.ts";
import { duplicateKeyFindings, parseDocument, schemaFindings } from "./json-document.ts";
import { outerLimits, readTemplateDirectory, type DirectoryTemplate } from "./template-directory.ts";
import { brokenFault, fileFault } from "./template-fault.ts";
import { limitFindings } from "./template-file.ts";
import type { DeploymentLimits } from "./template-limits.ts";
import { absence, absenceFinding, readNames, readTextFile, type Absence } from "./text-file.ts";

/** An org as its directory holds it. */
export interface DirectoryOrg {
  readonly orgId: string;
  readonly directory: string;
  readonly assets: ReadonlyMap<string, CatalogAsset>;
  readonly templates: ReadonlyMap<string, DirectoryTemplate>;
  /** About the org's own files; those about a template are with it. */
  readonly findings: readonly CatalogFinding[];
}

/** Reads an org with everything in it. What is wrong with one template costs the others nothing. */
export async function readOrgDirectory(
  orgId: string,
  directory: string,
  deployment: DeploymentLimits,
): Promise<DirectoryOrg> {
  const org = await readOrgFile(join(directory, "org.json"), deployment);
  const assets = await readAssets(directory);
  const templatesDirectory = join(directory, "templates");
  const listed = await listDirectories(templatesDirectory, "a template", templateIdProblem);
  const fault = org.fault ?? assets.fault;
  const templates = new Map<string, DirectoryTemplate>();
  for (const { name, path } of listed.directories) {
    const template = await readTemplateDirectory({
      orgId,
      templateId: name,
      directory: path,
      deployment,
      org: org.limits,
    });
    templates.set(name, fault === undefined ? template : withFault(template, fault));
  }
  // An org needs no templates.
  const unlisted =
    listed.absence?.kind === "unreadable"
      ? [absenceFinding("templates", templatesDirectory, listed.absence)]
      : [];
  const findings = [
    ...org.findings,
    ...assets.findings,
    ...unlisted,
    ...listed.findings,
    ...bindingFindings(assets, templates),
  ];
  return { orgId, directory, assets: assets.assets, templates, findings };
}

/** Without the org's settings or assets no template of it can be run as its author meant. */
function withFault(template: DirectoryTemplate, fault: EventFault): DirectoryTemplate {
  const { templateId } = template;
  const templateVersion =
    template.template.kind === "broken"
      ? template.template.templateVersion
      : template.template.runnable.templateVersion;
  return { ...template, template: { kind: "broken", templateId, templateVersion, fault } };
}

interface ReadOrgFile {
  readonly limits: OrgLimits;
  readonly findings: readonly CatalogFinding[];
  readonly fault?: EventFault;
}

async function readOrgFile(path: string, deployment: DeploymentLimits): Promise<ReadOrgFile> {
  const name = "org.json";
  const file = await readTextFile(path);
  switch (file.kind) {
    case "missing":
      return { limits: {}, findings: [] };
    case "unreadable":
      return {
        limits: {},
        findings: [absenceFinding(name, path, file)],
        fault: brokenFault(absence(name, file)),
      };
    case "text":
  }
  const document = parseDocument(file.text, path);
  if (document.kind === "broken")
    return { limits: {}, findings: document.findings, fault: fileFault(name, document.findings) };
  const { value, places } = document;
  const checked = checkOrg(value);
  const errors = [
    ...duplicateKeyFindings(document, path),
    ...schemaFindings(checked, { path, places, pointer: "" }),
  ];
  if (checked.kind === "invalid" || errors.length > 0) {
    return { limits: {}, findings: errors, fault: fileFault(name, errors) };
  }
  const { limits = {} } = checked.value;
  return { limits, findings: limitFindings(limits, outerLimits(deployment, {}), places, path) };
}

/** A warning for each template that assets are bound to and that the org does not have. */
function bindingFindings(
  { assets, file }: ReadAssets,
  templates: ReadonlyMap<string, DirectoryTemplate>,
): CatalogFinding[] {
  const unknown = new Map<string, { readonly assetId: string; count: number }>();
  for (const { assetId, templateId } of assets.values()) {
    if (templateId === undefined || templates.has(templateId)) continue;
    const seen = unknown.get(templateId);
    if (seen === undefined) unknown.set(templateId, { assetId, count: 1 });
    else seen.count += 1;
  }
  return [...unknown].map(([templateId, { assetId, count }]) => {
    const others = count === 1 ? "" : ` and ${count - 1} more`;
    const [is, id] = [count === 1 ? "is" : "are", JSON.stringify(templateId)];
    const message = `the asset ${JSON.stringify(assetId)}${others} ${is} bound to the template ${id}, which the org does not have`;
    return { severity: "warning", code: "UNKNOWN_TEMPLATE", message, ...(file !== undefined && { file }) };
  });
}

export interface ListedDirectories {
  readonly directories: readonly { readonly name: string; readonly path: string }[];
  readonly findings: readonly CatalogFinding[];
  /** Why nothing could be listed. */
  readonly absence?: Absence;
}

/**
 * The directories in a directory whose names are ids, in the order of their names. Files, and what begins with a dot,
 * are nobody's; a directory whose name is no id is a finding.
 */
export async function listDirectories(
  parent: string,
  what: "an org" | "a template",
  idProblem: (id: string) => string | undefined,
): Promise<ListedDirectories> {
  const read = await readNames(parent);
  if (read.kind !== "names") return { directories: [], findings: [], absence: read };
  const directories: { readonly name: string; readonly path: string }[] = [];
  const findings: CatalogFinding[] = [];
  for (const name of read.names) {
    const path = join(parent, name);
    if (name.startsWith(".") || !(await isDirectory(path))) continue;
    const problem = idProblem(name);
    if (problem === undefined) directories.push({ name, path });
    else {
      const message = `the directory ${JSON.stringify(name)} names ${what}, but its name ${problem}`;
      findings.push({ severity: "error", code: "BAD_ID", message, file: path });
    }
  }
  return { directories, findings };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // A link that leads nowhere is no directory.
    return false;
  }
}
