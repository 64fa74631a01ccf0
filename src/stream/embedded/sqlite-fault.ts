import { MillraceError, type ErrorCode } from "../../model/error.ts";

/** SQLite's primary result codes, the low byte of what `node:sqlite` gives as `errcode`. */
const resultCodes = {
  perm: 3,
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** Extended: SQLite calls it trouble of the disk, but a file that ends before a page does not grow by trying again. */
const shortRead = 522;

/** Whether another connection holds a lock that this statement needs. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === resultCodes.busy || code === resultCodes.locked;
}

/** What went wrong with the log's file, as an error that says whether trying again helps. */
export function faultOf(error: unknown, path: string): MillraceError {
  if (error instanceof MillraceError) return error;
  const [code, what] = explain(resultCode(error));
  const reason = error instanceof Error ? error.message : String(error);
  return new MillraceError(code, `log ${path}: ${what} (${reason})`, { cause: error });
}

/** Runs what touches the log's file, and throws its failures as {@link faultOf} names them. */
export function withFaults<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw faultOf(error, path);
  }
}

/** A damaged log; `what` says what was found, so that it can be looked for. */
export function damaged(path: string, what: string): MillraceError {
  return new MillraceError(
    "LOG_CORRUPT",
    `log ${path}: ${what}; nothing was skipped: restore the file from a copy, or move it away to begin anew`,
  );
}

function explain(code: number | undefined): readonly [ErrorCode, string] {
  switch (code) {
    case resultCodes.full:
      return ["LOG", "the disk is full; free some space"];
    case resultCodes.ioError:
      return ["LOG", "the disk fails to read or write; see the system's log and whether it is full"];
    case resultCodes.busy:
    case resultCodes.locked:
      return ["LOG", "another process holds its lock for too long"];
    case resultCodes.noMemory:
      return ["LOG", "there is no memory left"];
    case resultCodes.notADatabase:
      return [
        "LOG_CORRUPT",
        "this is no SQLite file, or its beginning is damaged; look at the path, or restore it",
      ];
    case resultCodes.corrupt:
      return ["LOG_CORRUPT", "the file is damaged; restore it from a copy, or move it away to begin anew"];
    case resultCodes.perm:
    case resultCodes.readOnly:
    case resultCodes.cannotOpen:
      return ["LOG_UNUSABLE", "it cannot be opened for writing; look at its owner and permissions"];
    default:
      return ["INTERNAL", "a statement failed"];
  }
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number")
    return undefined;
  return error.errcode === shortRead ? resultCodes.corrupt : error.errcode & 0xff;
}
