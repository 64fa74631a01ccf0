import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { Config } from "../config/config.ts";
import { MillraceError } from "../model/error.ts";

/** Entries of which one makes a directory an org. */
const orgEntries = ["templates", "assets.json", "assets.ndjson", "org.json"];

/** Whether a directory is an org of a catalog. */
export function isOrgDirectory(directory: string): boolean {
  return orgEntries.some((entry) => existsSync(join(directory, entry)));
}

/** Whether a directory holds at least one org. */
export function isCatalogDirectory(directory: string): boolean {
  return subdirectories(directory).some((name) => isOrgDirectory(join(directory, name)));
}

/** Names of the directories in a directory, in order; none where it cannot be read. */
export function subdirectories(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isFile() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

/** The catalog of a configuration, for a verb that cannot do without. Throws `USAGE` where none is named. */
export function requiredCatalog(config: Config): string {
  if (config.catalog !== undefined) return config.catalog.path;
  throw new MillraceError(
    "USAGE",
    "no catalog is named; give --catalog DIR, or set catalog in the configuration",
  );
}

/** The catalog of a configuration, else `./catalog` or `.` where that is one. Throws `USAGE` where there is none. */
export function catalogOrDefault(config: Config, workingDir: string): string {
  if (config.catalog !== undefined) return config.catalog.path;
  const found = [join(workingDir, "catalog"), workingDir].find(isCatalogDirectory);
  if (found !== undefined) return found;
  throw new MillraceError("USAGE", "no catalog is named, and neither ./catalog nor . is one; name a path");
}

/** A path as a person at `workingDir` would write it. */
export function shownPath(path: string, workingDir: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(workingDir, path);
  if (inside === "") return ".";
  return inside.startsWith("..") ? path : inside;
}
