import type { DirectoryCatalog } from "../../catalog/catalog-directory.ts";
import { plural } from "../finding-text.ts";
import type { Host } from "../host.ts";
import { shownPath } from "../catalog-path.ts";
import { printableLine } from "../printable.ts";

/** What a catalog holds, and what is wrong with it: its events are rejected, and the rest goes on. */
export function catalogWords(
  { orgs, findings }: DirectoryCatalog,
  shown: string,
  { colors, workingDir }: Pick<Host, "colors" | "workingDir">,
): string[] {
  let [templates, assets] = [0, 0];
  for (const org of orgs.values()) {
    templates += org.templates.size;
    assets += org.assets.size;
  }
  const errors = findings.filter(({ severity }) => severity === "error");
  return [
    `millrace: catalog ${shown}: ${plural(orgs.size, "org")}, ${plural(templates, "template")}, ${plural(assets, "asset")}`,
    ...errors.map(({ message, file, line }) => {
      const at = line === undefined ? "" : `:${line}`;
      const place = file === undefined ? "" : `${shownPath(file, workingDir)}${at}: `;
      return colors.red(`millrace: ${printableLine(place + message)}`);
    }),
  ];
}
