import type { ScriptStage } from "../model/stage.ts";

/** `error`: it cannot be used. `warning`: it can, and probably does not do what was meant. `hint`: it could be better. */
export type FindingSeverity = "error" | "warning" | "hint";

/** One thing that a person should know about a source file or a catalog file, in one line. */
export interface Finding<Code extends string = string> {
  readonly severity: FindingSeverity;
  readonly code: Code;
  readonly message: string;
  /** The file that it is about; absent where it is about no file. */
  readonly file?: string;
  /** Counted from 1; absent where the file as a whole is meant. */
  readonly line?: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column?: number;
}

/** Codes of errors in a script; the rejections of its template's events carry the same. */
export type ScriptErrorCode =
  | "SYNTAX_ERROR"
  | "ASYNC_SOURCE"
  | "IMPORT_REFUSED"
  | "NO_ENTRY_POINT"
  | "SOURCE_TOO_LARGE";

/** Codes of everything that can be said of a script. */
export type ScriptFindingCode = ScriptErrorCode | "FRESH_REALM" | "REQUIRE_ABSENT";

export interface ScriptFinding extends Finding<ScriptFindingCode> {
  /** The stage that it is about; the first of the file's where it is about them all. */
  readonly stage: ScriptStage;
}

/** A finding whose file is known where it is put together. */
export type FindingInFile = Omit<ScriptFinding, "stage" | "file">;

/** A place in a text; both count from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
