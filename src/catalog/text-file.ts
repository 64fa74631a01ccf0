import { readdir, readFile, stat } from "node:fs/promises";
import type { CatalogFinding } from "./catalog-finding.ts";

/** A file's text, or why there is none. */
export type TextFile = { readonly kind: "text"; readonly text: string } | Absence;

/** Why something has no content; the reason is the rest of a sentence that begins with its name. */
export type Absence = { readonly kind: "missing" } | { readonly kind: "unreadable"; readonly reason: string };

/** Reads a file of UTF-8. A byte order mark stays where it is: scripts are taken byte for byte. */
export async function readTextFile(path: string): Promise<TextFile> {
  try {
    // Reading a pipe or a device could wait for ever.
    if (!(await stat(path)).isFile()) return { kind: "unreadable", reason: "is not a file" };
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
    return { kind: "text", text };
  } catch (error) {
    if (isMissing(error)) return { kind: "missing" };
    return { kind: "unreadable", reason: unreadableReason(error) };
  }
}

/** The names in a directory, in the order of their code units, or why there are none. */
export async function readNames(
  path: string,
): Promise<{ readonly kind: "names"; readonly names: readonly string[] } | Absence> {
  try {
    return { kind: "names", names: (await readdir(path)).sort() };
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return { kind: "missing" };
    return { kind: "unreadable", reason: unreadableReason(error) };
  }
}

/** Whether an error of the file system says that there is no such file or directory. */
export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "");
}

/** Why something cannot be read, as the rest of a sentence that begins with its name. */
export function unreadableReason(error: unknown): string {
  const code = errnoOf(error);
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "may not be read by this user";
    case "ENOTDIR":
      return "is not a directory";
    case "ELOOP":
      return "is a link that leads back to itself";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "is not UTF-8 text";
    default:
      return `cannot be read (${code ?? String(error)})`;
  }
}

/** What is wrong with a file that must be there, without the path to it. */
export function absence(name: string, file: Absence): string {
  return file.kind === "missing" ? `${name} is missing` : `${name} ${file.reason}`;
}

/** The finding for a file that must be there; `name` is what it is called where it was asked for. */
export function absenceFinding(name: string, path: string, file: Absence): CatalogFinding {
  const message = absence(name, file);
  return file.kind === "missing"
    ? {
        severity: "error",
        code: "MISSING_FILE",
        message: `${message}; it was looked for at ${path}`,
        file: path,
      }
    : { severity: "error", code: "UNREADABLE_FILE", message, file: path };
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
