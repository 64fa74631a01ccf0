import type { RejectionCode } from "../model/contract.ts";
import type { EventFault, SourceLocation } from "../model/script-fault.ts";
import type { ScriptStage } from "../model/stage.ts";
import type { Finding, ScriptErrorCode, ScriptFinding } from "../script/finding.ts";

/*
 * The faults that the events of a broken template get. They end up in rejections, so none of their words may depend
 * on the machine or on where the catalog lies.
 */

/** The fault of a template that cannot be used: its files are not there, or do not follow their schema. */
export function brokenFault(message: string, location?: Partial<SourceLocation>): EventFault {
  return { stage: "intake", type: "syntax", code: "TEMPLATE_BROKEN", message, ...locationOf(location ?? {}) };
}

/** The fault of what the first error among the findings says about a file; its message must name no path. */
export function fileFault(file: string, findings: readonly Finding[]): EventFault {
  const { message, line, column } = findings.find(({ severity }) => severity === "error") ?? {
    message: "it cannot be read",
  };
  return brokenFault(`${file}: ${message}`, {
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  });
}

/** The fault of a template whose scripts cannot run, by the first error. */
export function scriptFault(findings: readonly ScriptFinding[]): EventFault {
  const error = findings.find(({ severity }) => severity === "error");
  if (error === undefined) return brokenFault("its scripts cannot run");
  // Errors carry codes of errors, which are codes of rejections too.
  const code: RejectionCode = error.code as ScriptErrorCode;
  return { stage: error.stage, type: "syntax", code, message: error.message, ...locationOf(error) };
}

/** The fault of a script that is too large to be read. */
export function sourceSizeFault(stage: ScriptStage, message: string): EventFault {
  return { stage, type: "syntax", code: "SOURCE_TOO_LARGE", message };
}

function locationOf({ file, line, column }: Partial<SourceLocation>): { readonly location?: SourceLocation } {
  if (file === undefined || line === undefined || column === undefined) return {};
  return { location: { file, line, column } };
}
