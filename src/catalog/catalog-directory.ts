import type { CatalogView } from "../intake/resolve.ts";
import { MillraceError } from "../model/error.ts";
import { orgIdProblem } from "../model/identity.ts";
import { catalogView } from "./catalog-view.ts";
import type { CatalogFinding } from "./catalog-finding.ts";
import { orgEntries } from "./catalog-path.ts";
import { listDirectories, readOrgDirectory, type DirectoryOrg } from "./org-directory.ts";
import type { DeploymentLimits } from "./template-limits.ts";
import { absenceFinding, readNames } from "./text-file.ts";

/** A catalog as a directory holds it at one moment; a change of the directory is seen by opening it again. */
export interface DirectoryCatalog {
  readonly view: CatalogView;
  /** Everything that is wrong with it, org by org; what is broken is in `view` as broken, or is not there. */
  readonly findings: readonly CatalogFinding[];
  readonly orgs: ReadonlyMap<string, DirectoryOrg>;
}

/**
 * Reads a catalog whole. A template, an asset entry or an org that is wrong is a finding and leaves the others in use.
 *
 * Throws `CATALOG` where there is no such directory, or where it may not be read.
 */
export async function openCatalogDirectory(
  path: string,
  limits: DeploymentLimits,
): Promise<DirectoryCatalog> {
  const listed = await listDirectories(path, "an org", orgIdProblem);
  if (listed.absence !== undefined) {
    const reason = listed.absence.kind === "missing" ? "does not exist" : listed.absence.reason;
    throw new MillraceError("CATALOG", `the catalog ${path} ${reason}`);
  }
  const orgs = new Map<string, DirectoryOrg>();
  const findings = [...listed.findings];
  for (const { name, path: directory } of listed.directories) {
    const finding = await notAnOrg(name, directory);
    if (finding === undefined) orgs.set(name, await readOrgDirectory(name, directory, limits));
    else findings.push(finding);
  }
  for (const org of orgs.values()) {
    findings.push(...org.findings);
    for (const template of org.templates.values()) findings.push(...template.findings);
  }
  if (orgs.size === 0) {
    const message =
      "the catalog has no org: an org is a directory in it, with templates/, assets.json or org.json";
    findings.push({ severity: "warning", code: "NO_ORG", message, file: path });
  }
  return { view: catalogView(orgs), findings, orgs };
}

async function notAnOrg(name: string, directory: string): Promise<CatalogFinding | undefined> {
  const read = await readNames(directory);
  if (read.kind !== "names") return absenceFinding(name, directory, read);
  if (read.names.some((each) => orgEntries.has(each))) return undefined;
  const message = `${name} is not taken for an org: it has no templates/, assets.json, assets.ndjson or org.json`;
  return { severity: "warning", code: "NO_ORG", message, file: directory };
}
