import { MillraceError } from "../model/error.ts";

/** What the process ends with; these numbers are public. */
export const exitCodes = {
  done: 0,
  /** Findings, failed cases, or rejections under `--fail-on-rejected`. */
  findings: 1,
  /** Wrong flags, configuration or path: the person must change something. */
  usage: 2,
  /** A fault of ours or of the machine: a full disk, an executor that cannot start. */
  platform: 3,
  /** Stopped by Ctrl-C or SIGTERM after what had begun was finished. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code that an error which ended a verb stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof MillraceError)) return exitCodes.platform;
  switch (error.code) {
    case "USAGE":
    case "CONFIG":
    case "CATALOG":
    case "INPUT":
      return exitCodes.usage;
    case "OUTPUT":
    case "EXECUTOR":
    case "WIRE":
    case "LOG":
    case "LOG_UNUSABLE":
    case "LOG_CORRUPT":
    case "TOPIC":
    case "RECORD_TOO_LARGE":
    case "FENCED":
    case "GROUP_HELD":
    case "WORKER":
    case "CLOSED":
    case "INTERNAL":
      return exitCodes.platform;
  }
}
