import { realpath, stat } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import type { TemplateFile } from "../model/contract.ts";
import type { EventFault } from "../model/script-fault.ts";
import { scriptStages, type ScriptStage } from "../model/stage.ts";
import type { Position } from "../script/finding.ts";
import { sourceSizeMessage, type SourceFile } from "../script/prepare-template.ts";
import type { CatalogFinding } from "./catalog-finding.ts";
import type { JsonPlaces } from "./json-text.ts";
import { brokenFault, sourceSizeFault } from "./template-fault.ts";
import {
  absence,
  absenceFinding,
  isMissing,
  readTextFile,
  unreadableReason,
  type Absence,
} from "./text-file.ts";

/** A file that a `template.json` names. */
interface NamedFile {
  readonly file: string;
  readonly stages: readonly ScriptStage[] | "exported";
  /** The first key that names it. */
  readonly key: "source" | ScriptStage;
}

export interface ReadStageFiles {
  readonly files: readonly SourceFile[];
  /** One for each file that cannot be had. */
  readonly refused: readonly RefusedFile[];
}

/** A file that a template names and cannot have, with the fault that its events get for it. */
export interface RefusedFile {
  readonly finding: CatalogFinding;
  readonly fault: EventFault;
}

/** Reads the scripts that a template names. None is read from outside the template's directory, by a link neither. */
export async function readStageFiles(
  directory: string,
  content: TemplateFile,
  places: JsonPlaces,
  sourceLimitBytes: number,
): Promise<ReadStageFiles> {
  const files: SourceFile[] = [];
  const refused: RefusedFile[] = [];
  for (const named of namedFiles(content)) {
    const read = await readStageFile(directory, named, places.positionOf(`/${named.key}`), sourceLimitBytes);
    if ("finding" in read) refused.push(read);
    else files.push(read);
  }
  return { files, refused };
}

/** Stages that name the same file share it, however they write its path. */
function namedFiles(content: TemplateFile): NamedFile[] {
  if (content.source !== undefined)
    return [{ file: posix.normalize(content.source), stages: "exported", key: "source" }];
  const stagesByFile = Map.groupBy(
    scriptStages.filter((stage) => content[stage] !== undefined),
    (stage) => posix.normalize(content[stage] ?? ""),
  );
  return [...stagesByFile].flatMap(([file, stages]) =>
    stages[0] === undefined ? [] : [{ file, stages, key: stages[0] }],
  );
}

async function readStageFile(
  directory: string,
  { file, stages, key }: NamedFile,
  position: Position | undefined,
  limitBytes: number,
): Promise<SourceFile | RefusedFile> {
  const path = join(directory, file);
  // What is not there holds no place: the key that names it does.
  const atKey = { file: join(directory, "template.json"), ...position };
  const absent = (read: Absence): RefusedFile => ({
    finding: { ...absenceFinding(file, path, read), ...atKey },
    fault: brokenFault(absence(file, read), { file: "template.json", ...position }),
  });
  try {
    const [top, target] = [await realpath(directory), await realpath(path)];
    if (!target.startsWith(`${top}${sep}`)) {
      const message = `${file} is a link that leads out of the template's directory`;
      return {
        finding: { severity: "error", code: "BAD_PATH", message, ...atKey },
        fault: brokenFault(message, { file: "template.json", ...position }),
      };
    }
    const { size } = await stat(path);
    // Before it is read: a file of many gigabytes must not take the memory that it asks for.
    if (size > limitBytes) {
      const message = sourceSizeMessage(size, limitBytes);
      return {
        finding: { severity: "error", code: "SOURCE_TOO_LARGE", message, file: path },
        fault: sourceSizeFault(key === "source" ? "decode" : key, message),
      };
    }
  } catch (error) {
    return absent(
      isMissing(error) ? { kind: "missing" } : { kind: "unreadable", reason: unreadableReason(error) },
    );
  }
  const read = await readTextFile(path);
  return read.kind === "text" ? { file, text: read.text, stages } : absent(read);
}
