import type { ScriptStage } from "../../src/model/stage.ts";
import {
  prepareTemplate,
  type PreparedTemplate,
  type TemplateDefinition,
} from "../../src/script/prepare-template.ts";

/** A template of one file, with what a test does not care for filled in. */
export function definitionOf(
  text: string,
  more: Partial<TemplateDefinition> & {
    readonly file?: string;
    readonly stages?: readonly ScriptStage[] | "exported";
  } = {},
): TemplateDefinition {
  const { file = "decode.js", stages = ["decode"], ...rest } = more;
  return {
    orgId: "acme",
    templateId: "t",
    templateVersion: "1",
    files: [{ file, text, stages }],
    dialect: "auto",
    eva: [],
    limits: { stageCpuMs: 100, memoryBytes: 67_108_864, outputBytes: 1_048_576 },
    sourceLimitBytes: 1_048_576,
    ...rest,
  };
}

export function prepareText(
  text: string,
  more: Parameters<typeof definitionOf>[1] = {},
): Promise<PreparedTemplate> {
  return prepareTemplate(definitionOf(text, more));
}

/** Findings as lines: `code line:column message`. */
export function linesOf({ findings }: PreparedTemplate): string[] {
  return findings.map(({ code, line, column, message }) =>
    line === undefined ? `${code} ${message}` : `${code} ${line}:${column} ${message}`,
  );
}

/** The one file of a template that must be runnable. */
export function fileOf(prepared: PreparedTemplate) {
  if (prepared.kind !== "runnable") throw new Error(linesOf(prepared).join("\n"));
  const [file] = prepared.runnable.files;
  if (file === undefined) throw new Error("no file");
  return file;
}
