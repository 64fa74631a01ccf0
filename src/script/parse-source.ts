import { parse, type Program } from "acorn";
import type { Position } from "./finding.ts";

const lineBreak = /[\n\r\u2028\u2029]/;

export type SourceType = "script" | "module";

/** A text that parsed. Every node has `start`, `end`, `range` and `loc`. */
export interface ParsedSource {
  readonly kind: "parsed";
  readonly text: string;
  readonly sourceType: SourceType;
  readonly program: Program;
}

/** Why a text did not parse, and where. */
export interface SourceProblem {
  readonly kind: "problem";
  readonly message: string;
  readonly position: Position;
}

/**
 * Parses a text that must stand alone: one that closes a function around it is refused here, before it is ever put
 * into one. `topLevelAwait` lets a script be parsed whose only fault is an `await` outside every function.
 */
export function parseSource(
  text: string,
  sourceType: SourceType,
  options: { readonly topLevelAwait?: "allowed" } = {},
): ParsedSource | SourceProblem {
  let startsWithArrow = false;
  try {
    const program = parse(text, {
      sourceType,
      ecmaVersion: "latest",
      locations: true,
      ranges: true,
      // A script that is wrapped in a function cannot begin with `#!`.
      allowHashBang: false,
      // `-->` is a comment at the beginning of a line, and so no longer one behind the function's brace.
      onComment: (isBlock, _text, start) => {
        startsWithArrow ||=
          !isBlock && text.startsWith("-->", start) && !lineBreak.test(text.slice(0, start));
      },
      ...(options.topLevelAwait === "allowed" && { allowAwaitOutsideFunction: true }),
    });
    if (startsWithArrow && sourceType === "script") {
      return {
        kind: "problem",
        message: "a script cannot begin with `-->`",
        position: { line: 1, column: 1 },
      };
    }
    return { kind: "parsed", text, sourceType, program };
  } catch (error) {
    return problemOf(error, text);
  }
}

/** What a parser throws: the place as an offset, and counted from 1 (line) and 0 (column). */
interface ParseError extends SyntaxError {
  readonly pos: number;
  readonly loc: { readonly line: number; readonly column: number };
}

function problemOf(error: unknown, text: string): SourceProblem {
  if (!isParseError(error)) throw error;
  if (error.message.startsWith("Not enough stack space")) {
    // Where the stack ended is not the author's doing, nor the same on every machine.
    return { kind: "problem", message: "the source is nested too deeply", position: { line: 1, column: 1 } };
  }
  return {
    kind: "problem",
    message: describe(error.message.replace(/ \(\d+:\d+\)$/, ""), text, error.pos),
    position: { line: error.loc.line, column: error.loc.column + 1 },
  };
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof SyntaxError && "pos" in error && "loc" in error;
}

/** Names the token where the parser only says that there is one. */
function describe(message: string, text: string, offset: number): string {
  const words = message.slice(0, 1).toLowerCase() + message.slice(1);
  if (words !== "unexpected token") return words;
  if (offset >= text.length) return "unexpected end of the source";
  const token = /^(?:[\p{ID_Continue}$]{1,40}|[^])/u.exec(text.slice(offset, offset + 80))?.[0] ?? "";
  return `unexpected token ${JSON.stringify(token)}`;
}
