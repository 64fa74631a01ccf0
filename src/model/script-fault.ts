import type { RejectionCode, RejectionStage, RejectionType } from "./contract.ts";

/** A place in the author's own source; lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Why one event has no standard event: all that a rejection says besides who and which record. */
export interface EventFault {
  readonly stage: RejectionStage;
  readonly type: RejectionType;
  readonly code: RejectionCode;
  readonly message: string;
  readonly location?: SourceLocation;
  /** The author's frames, one a line; present only where debug is on. */
  readonly stack?: string;
}

/** A console call of a script, captured in debug. */
export interface ConsoleLine {
  readonly stage: string;
  readonly level: "log" | "info" | "warn" | "error" | "debug";
  readonly text: string;
}
