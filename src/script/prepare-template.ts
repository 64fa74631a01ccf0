import type { EvaField } from "../model/contract.ts";
import { scriptStages, type ScriptStage } from "../model/stage.ts";
import type { RunnableFile, RunnableTemplate, ScriptLimits } from "../sandbox/port.ts";
import { toClassicScript, type ClassicScript } from "./classic-script.ts";
import { entryNames } from "./entry-points.ts";
import type { FindingInFile, ScriptFinding } from "./finding.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isInert } from "./inert-top-level.ts";
import { chooseRealm } from "./realm.ts";

/** A template with the text of its files in hand. */
export interface TemplateDefinition {
  readonly orgId: string;
  readonly templateId: string;
  readonly templateVersion: string;
  readonly files: readonly SourceFile[];
  /** Media type of events that name none. */
  readonly contentType?: string;
  readonly dialect: RunnableTemplate["dialect"];
  readonly eva: readonly EvaField[];
  readonly limits: ScriptLimits;
  /**
   * Largest source file, bytes of UTF-8. It protects compilation, whose time and memory grow with the source; raising
   * it makes an org's first event slower and each of its isolates larger.
   */
  readonly sourceLimitBytes: number;
}

export interface SourceFile {
  /** The file's name as the author knows it; locations show it. */
  readonly file: string;
  readonly text: string;
  /** The stages that the file is asked for; `exported`: those that it exports. */
  readonly stages: readonly ScriptStage[] | "exported";
}

/** A template that can run, with what could be better about it, or all that is wrong with its files. */
export type PreparedTemplate =
  | {
      readonly kind: "runnable";
      readonly runnable: RunnableTemplate;
      readonly findings: readonly ScriptFinding[];
    }
  | { readonly kind: "broken"; readonly findings: readonly ScriptFinding[] };

type PreparedFile =
  | {
      readonly kind: "runnable";
      readonly file: RunnableFile;
      readonly realm: "sealed" | "fresh";
      readonly findings: readonly ScriptFinding[];
    }
  | { readonly kind: "broken"; readonly findings: readonly ScriptFinding[] };

/**
 * Checks a template's files and makes of them what executors take. What a script's text cannot show (whether an entry
 * point is a function in the end, whether running it changes a built-in) is left to the executor.
 */
export async function prepareTemplate(definition: TemplateDefinition): Promise<PreparedTemplate> {
  const prepared: PreparedFile[] = [];
  for (const source of definition.files) prepared.push(await prepareWithinStack(source, definition));
  const findings = prepared.flatMap((each) => each.findings);
  const files = prepared.flatMap((each) => (each.kind === "runnable" ? [each] : []));
  if (files.length < prepared.length) return { kind: "broken", findings };
  const { orgId, templateId, templateVersion, contentType, dialect, eva, limits } = definition;
  const template = {
    orgId,
    templateId,
    templateVersion,
    files: files.map(({ file }) => file),
    // The stages of an event share one realm: one file that needs a fresh one decides for all.
    realm: files.some(({ realm }) => realm === "fresh") ? ("fresh" as const) : ("sealed" as const),
    dialect,
    eva,
    limits,
  };
  const fingerprint = fingerprintOf({ ...template, contentType });
  return { kind: "runnable", runnable: { ...template, fingerprint }, findings };
}

async function prepareWithinStack(source: SourceFile, definition: TemplateDefinition): Promise<PreparedFile> {
  try {
    return await prepareFile(source, definition);
  } catch (error) {
    // Every check goes down the tree of the source, so that the stack's depth is a limit of what can be checked.
    if (!(error instanceof RangeError)) throw error;
    const { file } = source;
    const at = { stage: firstStage(source), file, line: 1, column: 1 };
    return broken([
      { severity: "error", code: "SYNTAX_ERROR", message: "the source is nested too deeply", ...at },
    ]);
  }
}

/** The stage that a fault of the file as a whole belongs to. */
function firstStage({ stages }: SourceFile): ScriptStage {
  return stages === "exported" ? "decode" : (stages[0] ?? "decode");
}

async function prepareFile(source: SourceFile, definition: TemplateDefinition): Promise<PreparedFile> {
  const { file, text } = source;
  const stage = firstStage(source);
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes > definition.sourceLimitBytes) {
    const message = sourceSizeMessage(bytes, definition.sourceLimitBytes);
    return broken([{ severity: "error", code: "SOURCE_TOO_LARGE", message, stage, file }]);
  }
  const script = await toClassicScript(file, text);
  if (script.kind === "refused") {
    return broken(
      script.faults.map(({ code, message, position }) => ({
        severity: "error",
        code,
        message,
        stage,
        file,
        ...position,
      })),
    );
  }
  const { stages, missing } = findStages(source, script, definition.dialect);
  if (missing.length > 0) return broken(missing);
  const { realm, hints } = chooseRealm(script);
  const { code, sourceMap } = script;
  return {
    kind: "runnable",
    file: {
      file,
      code,
      stages,
      ...(sourceMap !== undefined && { sourceMap }),
      ...(isInert(script.parsed.program) && { topLevel: "inert" }),
    },
    realm,
    findings: [...requireWarnings(script), ...hints].map((finding) => ({ ...finding, stage, file })),
  };
}

/** Says that a source is too large. */
export function sourceSizeMessage(bytes: number, limitBytes: number): string {
  return `the source is ${bytes} bytes long, at most ${limitBytes} are allowed (limits.sourceBytes)`;
}

function broken(findings: readonly ScriptFinding[]): PreparedFile {
  return { kind: "broken", findings };
}

/** The stages that a file has; `missing` says which of those that it is asked for it certainly does not have. */
function findStages(
  { file, stages }: SourceFile,
  { entryPoints }: ClassicScript,
  dialect: RunnableTemplate["dialect"],
): { readonly stages: readonly ScriptStage[]; readonly missing: readonly ScriptFinding[] } {
  const { own, exported, complete, whole } = entryPoints;
  const has = (stage: ScriptStage, lists: readonly ReadonlySet<string>[]): boolean =>
    complete === "no" || entryNames(stage, dialect).some((name) => lists.some((list) => list.has(name)));
  if (stages !== "exported") {
    const missing = stages.filter((stage) => whole !== "function" && !has(stage, [own, exported]));
    return { stages, missing: missing.map((stage) => noEntryPoint(file, stage, entryNames(stage, dialect))) };
  }
  // A module's own names are its private matter; a script without exports has nothing else to show.
  const lists = exported.size > 0 ? [exported] : [own];
  const found = scriptStages.filter((stage) => has(stage, lists));
  const missing = found.length > 0 ? [] : [noEntryPoint(file, "decode", scriptStages)];
  return { stages: found, missing };
}

function noEntryPoint(file: string, stage: ScriptStage, names: readonly string[]): ScriptFinding {
  const message = `there is no function ${new Intl.ListFormat("en", { type: "disjunction" }).format(names)} in ${file}`;
  return { severity: "error", code: "NO_ENTRY_POINT", message, stage, file };
}

/** `require` is nothing that a script has; asking whether there is one is fine. */
function requireWarnings({ parsed, names, positionAt }: ClassicScript): FindingInFile[] {
  const use = names.foreign.find(
    ({ name, identifier }) => name === "require" && parsed.text.startsWith("(", identifier.end),
  );
  if (use === undefined) return [];
  const message = "`require` is not available: a stage is one file; put the code into it";
  return [{ severity: "warning", code: "REQUIRE_ABSENT", message, ...positionAt(use.identifier.start) }];
}
