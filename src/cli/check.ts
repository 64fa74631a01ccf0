import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import type { DirectoryCatalog } from "../catalog/catalog-directory.ts";
import { hasError, type CatalogFinding } from "../catalog/catalog-finding.ts";
import type { DirectoryTemplate } from "../catalog/template-directory.ts";
import { catalogOrDefault } from "./catalog-path.ts";
import { configOption, setOption, verbConfig } from "./config-options.ts";
import { exitCodes } from "./exit-code.ts";
import { countedFindings, findingText, plural } from "./finding-text.ts";
import type { Finish, Host } from "./host.ts";

/** A template as `check` tells of it. */
interface CheckedTemplate {
  readonly orgId: string;
  readonly templateId: string;
  readonly version: string;
  /** `broken`: its events are rejected. */
  readonly realm: "sealed" | "fresh" | "broken";
  readonly cases: number;
}

interface CheckResult {
  readonly orgs: number;
  readonly templates: readonly CheckedTemplate[];
  readonly findings: readonly CatalogFinding[];
}

/** `check`: everything that can be said of a catalog without running it. */
export function checkCommand(host: Host, finish: Finish) {
  return new Command("check")
    .description("find what is wrong in a catalog, and what could be faster")
    .argument("[catalog]", "directory of the catalog; by default ./catalog or .")
    .option("--json", "print JSON")
    .addOption(configOption())
    .addOption(setOption())
    .action(async (path, flags) => {
      const catalog = path === undefined ? undefined : resolve(host.workingDir, path);
      const config = verbConfig(host, { config: flags.config, set: flags.set, catalog });
      const { openCatalogDirectory } = await import("../catalog/catalog-directory.ts");
      const opened = await openCatalogDirectory(catalogOrDefault(config, host.workingDir), config.limits);
      const result = await inspect(opened);
      await host.stdout.write(flags.json ? `${JSON.stringify(result, null, 2)}\n` : asText(result, host));
      finish(hasError(result.findings) ? exitCodes.findings : exitCodes.done);
    });
}

async function inspect(catalog: DirectoryCatalog): Promise<CheckResult> {
  const { readCases } = await import("../catalog/cases.ts");
  const templates: CheckedTemplate[] = [];
  const findings = [...catalog.findings];
  for (const [orgId, org] of catalog.orgs) {
    for (const entry of org.templates.values()) {
      const cases = await readCases(entry.directory);
      findings.push(...cases.findings);
      templates.push({ orgId, ...describe(entry), cases: cases.cases.length });
    }
  }
  return { orgs: catalog.orgs.size, templates, findings };
}

function describe({
  templateId,
  template,
}: DirectoryTemplate): Pick<CheckedTemplate, "templateId" | "version" | "realm"> {
  switch (template.kind) {
    case "runnable":
      return { templateId, version: template.runnable.templateVersion, realm: template.runnable.realm };
    case "broken":
      return { templateId, version: template.templateVersion, realm: "broken" };
  }
}

function asText({ orgs, templates, findings }: CheckResult, { dataColors, workingDir }: Host): string {
  const names = templates.map(({ orgId, templateId, version }) => `${orgId}/${templateId} ${version}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  const paint = { sealed: dataColors.green, fresh: dataColors.yellow, broken: dataColors.red };
  const lines = templates.map(
    ({ realm, cases }, index) =>
      `${(names[index] ?? "").padEnd(width)}  ${paint[realm](realm.padEnd(6))}  ${plural(cases, "case")}`,
  );
  const found = findings.flatMap((finding) => findingText(finding, dataColors, workingDir));
  const of = (realm: CheckedTemplate["realm"]): number =>
    templates.filter((template) => template.realm === realm).length;
  const broken = of("broken") === 0 ? "" : `, ${of("broken")} broken`;
  const summary = `${plural(orgs, "org")}, ${plural(templates.length, "template")} (${of("sealed")} sealed, ${of("fresh")} fresh${broken}): ${countedFindings(findings)}`;
  return `${[...lines, ...(lines.length > 0 ? [""] : []), ...found, ...(found.length > 0 ? [""] : []), summary].join("\n")}\n`;
}
