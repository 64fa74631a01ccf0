import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { openCatalogDirectory, type DirectoryCatalog } from "../../src/catalog/catalog-directory.ts";
import type { DeploymentLimits } from "../../src/catalog/template-limits.ts";

export const deployment: DeploymentLimits = {
  stageCpuMs: 100,
  memoryMb: 64,
  outputBytes: 1_048_576,
  payloadBytes: 1_048_576,
  lineBytes: 8_388_608,
  sourceBytes: 1_048_576,
};

const made: string[] = [];
afterEach(async () => {
  for (const directory of made.splice(0)) await rm(directory, { recursive: true, force: true });
});

/** Files by their paths; what is not a text is written as JSON. */
export type Tree = Readonly<Record<string, unknown>>;

/** A directory with these files in it, gone after the test. */
export async function directoryOf(tree: Tree): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "millrace-catalog-"));
  made.push(directory);
  for (const [name, content] of Object.entries(tree)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    );
  }
  return directory;
}

export async function open(tree: Tree, limits: DeploymentLimits = deployment): Promise<DirectoryCatalog> {
  return openCatalogDirectory(await directoryOf(tree), limits);
}

/** Findings as lines, with paths that begin at the catalog: `severity CODE file:line:column message`. */
export function linesOf({ findings }: DirectoryCatalog): string[] {
  const top = made.at(-1) ?? "";
  return findings.map(({ severity, code, file, line, column, message }) => {
    const place = line === undefined ? "" : `:${line}:${column}`;
    return `${severity} ${code} ${(file ?? "").replace(`${top}/`, "")}${place} ${message.replaceAll(`${top}/`, "")}`;
  });
}

/** A catalog of one org `acme` with a template `good` that works, and more. */
export function withGood(more: Tree): Tree {
  return {
    "acme/templates/good/template.json": { version: "1", decode: "decode.js" },
    "acme/templates/good/decode.js": "function decode(p) { return p }",
    ...more,
  };
}
