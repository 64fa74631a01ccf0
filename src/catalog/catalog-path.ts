import { relative, sep } from "node:path";

/** What makes a directory an org; everything else in it is not looked at. */
export const orgEntries: ReadonlySet<string> = new Set([
  "org.json",
  "assets.json",
  "assets.ndjson",
  "templates",
]);

/** Whether what lies at `path` may be part of the catalog at `root`: files of others may lie in its directory. */
export function mayBeOfCatalog(root: string, path: string): boolean {
  const [org = "", entry] = relative(root, path).split(sep);
  if (org === "") return true;
  // What lies right in the catalog counts only as an org, and what it is may not be known any more.
  return entry === undefined ? !org.includes(".") : orgEntries.has(entry);
}
