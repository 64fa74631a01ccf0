import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MillraceError } from "../../model/error.ts";
import { orgIdProblem } from "../../model/identity.ts";
import { isCatalogDirectory, isOrgDirectory, subdirectories } from "../catalog-path.ts";

/** Which cases of one org are asked for. */
export interface OrgTarget {
  readonly orgId: string;
  readonly directory: string;
  /** Whether a case is asked for, by its template's directory and its file. */
  wants(templateDirectory: string, file?: string): boolean;
}

/** What a person named: a catalog, an org, a template or a file of cases. */
type Named =
  | { readonly kind: "orgs"; readonly directories: readonly string[] }
  | { readonly kind: "template"; readonly directory: string }
  | { readonly kind: "file"; readonly file: string; readonly template: string };

/**
 * Finds the orgs, templates and files that some paths name. Throws `USAGE` for a path that is none of these.
 */
export function findTargets(paths: readonly string[], workingDir: string): readonly OrgTarget[] {
  const byOrg = new Map<string, Named[]>();
  for (const path of paths) {
    const named = classify(resolve(workingDir, path), path);
    for (const org of orgsOf(named)) byOrg.set(org, [...(byOrg.get(org) ?? []), named]);
  }
  return [...byOrg].map(([directory, named]) => {
    const orgId = basename(directory);
    const problem = orgIdProblem(orgId);
    if (problem !== undefined) throw new MillraceError("CATALOG", `${directory}: the org's id ${problem}`);
    return {
      orgId,
      directory,
      wants: (template, file) => named.some((each) => isWanted(each, template, file)),
    };
  });
}

/** The directories in which a change can change the result. */
export function watchedPaths(paths: readonly string[], workingDir: string): readonly string[] {
  const directories = paths.flatMap((path) => {
    const absolute = resolve(workingDir, path);
    const named = classify(absolute, path);
    return named.kind === "orgs" ? [absolute] : orgsOf(named);
  });
  return [...new Set(directories)];
}

function classify(path: string, shown: string): Named {
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) throw new MillraceError("USAGE", `there is no file or directory ${shown}`);
  if (kind.isFile()) {
    const cases = dirname(path);
    const template = dirname(cases);
    if (basename(path) === "template.json") return asTemplate(cases, shown);
    if (path.endsWith(".json") && basename(cases) === "cases" && isTemplateDirectory(template))
      return { kind: "file", file: path, template };
    throw new MillraceError(
      "USAGE",
      `${shown} is not a file of cases; those are in TEMPLATE/cases/ and end in .json`,
    );
  }
  if (isTemplateDirectory(path)) return asTemplate(path, shown);
  if (basename(path) === "cases" && isTemplateDirectory(dirname(path)))
    return asTemplate(dirname(path), shown);
  if (isOrgDirectory(path)) return { kind: "orgs", directories: [path] };
  if (isCatalogDirectory(path)) {
    const directories = subdirectories(path).map((name) => join(path, name));
    return { kind: "orgs", directories: directories.filter(isOrgDirectory) };
  }
  throw new MillraceError("USAGE", `${shown} is no catalog, org, template or file of cases`);
}

function asTemplate(directory: string, shown: string): Named {
  if (!isOrgDirectory(orgOf(directory)))
    throw new MillraceError("USAGE", `${shown} is a template outside of an org's templates/`);
  return { kind: "template", directory };
}

function isTemplateDirectory(directory: string): boolean {
  return (
    basename(dirname(directory)) === "templates" &&
    statSync(join(directory, "template.json"), { throwIfNoEntry: false })?.isFile() === true
  );
}

/** `ORG/templates/TEMPLATE` → `ORG`. */
function orgOf(templateDirectory: string): string {
  return dirname(dirname(templateDirectory));
}

function orgsOf(named: Named): readonly string[] {
  switch (named.kind) {
    case "orgs":
      return named.directories;
    case "template":
      return [orgOf(named.directory)];
    case "file":
      return [orgOf(named.template)];
  }
}

function isWanted(named: Named, templateDirectory: string, file: string | undefined): boolean {
  switch (named.kind) {
    case "orgs":
      return true;
    case "template":
      return named.directory === templateDirectory;
    case "file":
      return named.template === templateDirectory && (file === undefined || named.file === file);
  }
}
