import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rejection } from "../model/contract.ts";
import type { ConsoleLine, SourceLocation } from "../model/script-fault.ts";
import { snippet } from "../script/snippet.ts";
import { shownPath } from "./catalog-path.ts";
import type { Colors } from "./host.ts";
import { printable, printableLine } from "./printable.ts";

/** Finds the directory of a template's source files. */
export type SourceDirectory = (orgId: string, templateId: string) => string | undefined;

/** How texts are coloured, and where a person stands who reads paths in them. */
export interface TextView {
  readonly colors: Colors;
  readonly workingDir: string;
}

/** What scripts wrote to their console for one event. */
export function consoleText(lines: readonly ConsoleLine[], colors: Colors): string[] {
  return lines.map(
    ({ stage, level, text }) => `${colors.dim(`${stage} console.${level}:`)} ${printable(text)}`,
  );
}

/** A rejection in words: what happened, whose script, where in it, and the author's frames where they were kept. */
export function rejectionText(rejection: Rejection, directoryOf: SourceDirectory, view: TextView): string[] {
  const { colors } = view;
  const { stage, type, code, message, orgId, templateId, templateVersion, location, stack } = rejection;
  const ids = [orgId, templateId].filter((id) => id !== null).join("/");
  const version = templateVersion === null ? "" : ` ${templateVersion}`;
  const who = ids === "" ? "" : colors.dim(` (${printableLine(ids + version)})`);
  return [
    `${colors.red(`${stage} ${type}/${code}`)}${who}: ${printable(message)}`,
    ...(location === undefined ? [] : locationText(location, sourcePath(rejection, directoryOf), view)),
    ...(stack === undefined ? [] : stackText(stack, colors)),
  ];
}

/** `file:line:column` and the line itself with a caret, where its text is at hand. */
function locationText(
  { file, line, column }: SourceLocation,
  path: string | undefined,
  { colors, workingDir }: TextView,
): string[] {
  const text = path === undefined ? undefined : textOf(path);
  const lines = text === undefined ? undefined : snippet(text, { line, column });
  const shown = path === undefined ? file : shownPath(path, workingDir);
  return [
    colors.cyan(`${printableLine(shown)}:${line}:${column}`),
    ...(lines === undefined ? [] : lines.split("\n")),
  ];
}

/** The text of a file, or `undefined` where it cannot be read. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function sourcePath(
  { orgId, templateId, location }: Rejection,
  directoryOf: SourceDirectory,
): string | undefined {
  if (orgId === null || templateId === null || location === undefined) return undefined;
  const directory = directoryOf(orgId, templateId);
  return directory === undefined ? undefined : join(directory, location.file);
}

function stackText(stack: string, colors: Colors): string[] {
  return printable(stack)
    .split("\n")
    .map((line) => colors.dim(`  ${line.trim()}`));
}

/** Moves lines to the right. */
export function indented(lines: readonly string[], margin: string): string[] {
  return lines.flatMap((line) => line.split("\n")).map((line) => (line === "" ? line : margin + line));
}
