import { createList, defineBuiltIn, stringSlice } from "./primordials.ts";
import { assertionValues, format } from "./console-format.ts";
import { utf8Length } from "./utf8.ts";

export type ConsoleLevel = "log" | "info" | "warn" | "error" | "debug";

/** One console call of a script. */
export interface ConsoleLine {
  readonly level: ConsoleLevel;
  readonly text: string;
}

/**
 * What one event may leave on the console: calls, and bytes of UTF-8. It bounds what debug adds to an outcome and to
 * the memory of an executor; raising it costs as much again for every event in flight.
 */
export const consoleLimits = { lines: 100, bytes: 16_384 } as const;

/** The mark that stands where console output was cut. */
export const consoleCutMark = "… cut: an event keeps at most 100 console lines and 16 KB";

/** Where a realm's `console` writes. */
export interface ConsoleCapture {
  /** Begins an event. With `off` no call looks at its arguments. */
  start(capture: "on" | "off"): void;
  /** The lines since the last take, oldest first. */
  take(): ConsoleLine[];
}

interface Budget {
  lines: number;
  bytes: number;
}

/** As much of a text as fits into `limitBytes` of UTF-8, cut between characters and marked. */
function fitted(text: string, limitBytes: number): { text: string; bytes: number } {
  const bytes = utf8Length(text);
  if (bytes <= limitBytes) return { text, bytes };
  let length = 0;
  let used = 0;
  while (length < text.length) {
    const more = utf8Length(stringSlice(text, length, length + 1));
    if (used + more > limitBytes) break;
    used += more;
    length++;
  }
  return { text: `${stringSlice(text, 0, length)} ${consoleCutMark}`, bytes: limitBytes };
}

/** Puts the realm's `console` in place. */
export function installConsole(): ConsoleCapture {
  let capturing = false;
  let lines = createList<ConsoleLine>();
  const left: Budget = { lines: 0, bytes: 0 };

  function record(level: ConsoleLevel, values: ArrayLike<unknown>): void {
    if (left.lines === 0) return;
    left.lines--;
    if (left.lines === 0 || left.bytes === 0) {
      left.lines = 0;
      lines[lines.length] = { level: "warn", text: consoleCutMark };
      return;
    }
    const { text, bytes } = fitted(format(values, left.bytes), left.bytes);
    left.bytes -= bytes;
    if (left.bytes === 0) left.lines = 0;
    lines[lines.length] = { level, text };
  }

  const passOver = { passOver(): void {} }.passOver;
  const methods: Record<string, (...values: unknown[]) => void> = {
    log() {
      if (capturing) record("log", arguments);
    },
    info() {
      if (capturing) record("info", arguments);
    },
    warn() {
      if (capturing) record("warn", arguments);
    },
    error() {
      if (capturing) record("error", arguments);
    },
    debug() {
      if (capturing) record("debug", arguments);
    },
    trace() {
      if (capturing) record("debug", arguments);
    },
    dir(value) {
      if (capturing) record("log", [value]);
    },
    table(value) {
      if (capturing) record("log", [value]);
    },
    assert(condition) {
      if (capturing && !condition) record("error", assertionValues(arguments));
    },
  };
  const console = {};
  for (const name of Object.keys(methods)) defineBuiltIn(console, name, methods[name]);
  // No clock moves in a realm and nothing lasts beyond the event, so these have nothing to say.
  for (const name of [
    "clear",
    "count",
    "countReset",
    "group",
    "groupCollapsed",
    "groupEnd",
    "time",
    "timeEnd",
    "timeLog",
  ]) {
    defineBuiltIn(console, name, passOver);
  }
  defineBuiltIn(globalThis, "console", console);

  return {
    start(capture) {
      capturing = capture === "on";
      if (lines.length > 0) lines = createList();
      if (!capturing) return;
      left.lines = consoleLimits.lines + 1;
      left.bytes = consoleLimits.bytes;
    },
    take() {
      const taken = lines;
      lines = createList();
      return taken;
    },
  };
}
