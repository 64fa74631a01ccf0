import { existsSync } from "node:fs";
import type { LogAddress } from "../config/address.ts";
import { MillraceError } from "../model/error.ts";
import { openEmbeddedLog } from "../stream/embedded/embedded-log.ts";
import type { Log } from "../stream/port.ts";

export interface OpenLogOptions {
  /** What to do where there is none yet: who only reads must not leave an empty one behind a wrong path. */
  readonly missing: "make" | "refuse";
  /** Something failed that nobody waits for; it is tried again. */
  readonly onFault: (error: MillraceError) => void;
}

/** Opens the log that the configuration names. Rejects with `INPUT`, `LOG_UNUSABLE`, `LOG_CORRUPT` or `LOG`. */
export async function openLog({ path }: LogAddress, { missing, onFault }: OpenLogOptions): Promise<Log> {
  if (missing === "refuse" && !existsSync(path)) {
    throw new MillraceError(
      "INPUT",
      `there is no log ${path} yet; millrace produce makes one, and --log names another`,
    );
  }
  return openEmbeddedLog({ path, onFault });
}
