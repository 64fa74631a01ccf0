import { convertSource, languageOf, type ConvertedSource } from "./convert-source.ts";
import { findEntryPoints, type EntryPoints } from "./entry-points.ts";
import type { Position, ScriptErrorCode } from "./finding.ts";
import { findAsyncConstructs } from "./async-source.ts";
import { withInlineExports } from "./inline-exports.ts";
import { linePositions } from "./line-positions.ts";
import { tooDeepOffset } from "./nesting.ts";
import { originalPosition } from "./original-position.ts";
import { parseSource, type ParsedSource, type SourceProblem } from "./parse-source.ts";
import { scopeNames, type ScopedNames } from "./scope.ts";

/** A source that can run: as the author wrote it or as a classic script made from it, and what is known of it. */
export interface ClassicScript {
  readonly kind: "script";
  readonly code: string;
  readonly sourceMap?: string;
  /** What the author wrote, without types. */
  readonly parsed: ParsedSource;
  readonly names: ScopedNames;
  readonly entryPoints: EntryPoints;
  /** The place in the author's file of an offset in `parsed`. */
  readonly positionAt: (offset: number) => Position;
}

/** Why a source cannot run. */
export interface ScriptFault {
  readonly code: ScriptErrorCode;
  readonly message: string;
  readonly position: Position;
}

export interface RefusedScript {
  readonly kind: "refused";
  readonly faults: readonly ScriptFault[];
}

/**
 * Turns an author's file into a classic script; a plain script stays as it is, byte for byte.
 *
 * Throws `RangeError` for a source that is nested deeper than the stack goes.
 */
export async function toClassicScript(file: string, text: string): Promise<ClassicScript | RefusedScript> {
  const language = languageOf(file);
  if (language === "javascript") return convertParsed(file, text, undefined);
  const untyped = await convertSource({ file, text, language, format: "esm" });
  return untyped.kind === "problem"
    ? refused("SYNTAX_ERROR", untyped.message, untyped.position)
    : convertParsed(file, text, untyped);
}

async function convertParsed(
  file: string,
  text: string,
  untyped: ConvertedSource | undefined,
): Promise<ClassicScript | RefusedScript> {
  const code = untyped?.code ?? text;
  const toAuthor = (position: Position): Position =>
    untyped === undefined
      ? position
      : (originalPosition({ file, ...untyped }, position) ?? { line: 1, column: 1 });
  const parsed = parseEither(code);
  if (parsed.kind === "problem") return refused("SYNTAX_ERROR", parsed.message, toAuthor(parsed.position));
  const positionInCode = linePositions(code);
  const positionAt = (offset: number): Position => toAuthor(positionInCode(offset));
  const faults = [...importFaults(parsed, positionAt), ...asyncFaults(parsed, positionAt)];
  if (faults.length > 0) return { kind: "refused", faults };
  const tooDeep = tooDeepOffset(parsed);
  if (tooDeep !== undefined) {
    return refused("SYNTAX_ERROR", "blocks and functions are nested too deeply", positionAt(tooDeep));
  }
  const names = scopeNames(parsed.program, parsed.sourceType);
  const checked = { parsed, names, entryPoints: findEntryPoints(parsed, names), positionAt };
  if (parsed.sourceType === "script") {
    return {
      kind: "script",
      code,
      ...(untyped !== undefined && { sourceMap: untyped.sourceMap }),
      ...checked,
    };
  }
  const classic = await fromModule(file, text, checked.entryPoints);
  return classic.kind === "refused" ? classic : { ...classic, ...checked };
}

/** As a script; else, where it imports or exports, as an ES module; else as a script that awaits where it may not. */
function parseEither(code: string): ParsedSource | SourceProblem {
  const script = parseSource(code, "script");
  if (script.kind === "parsed") return script;
  const module = parseSource(code, "module");
  if (module.kind === "parsed") {
    return module.program.body.some(isImportOrExport) ? module : (onlyAwaits(code) ?? script);
  }
  // The parser's message for `import` in a script says nothing of what is wrong with the module.
  return script.message.includes("sourceType: module") ? module : (onlyAwaits(code) ?? script);
}

function onlyAwaits(code: string): ParsedSource | undefined {
  const parsed = parseSource(code, "script", { topLevelAwait: "allowed" });
  return parsed.kind === "parsed" ? parsed : undefined;
}

function isImportOrExport({ type }: { readonly type: string }): boolean {
  return /^(?:Import|Export)\w+Declaration$/.test(type);
}

/** An ES module as a classic script; strict, as modules are. */
async function fromModule(
  file: string,
  text: string,
  { form }: EntryPoints,
): Promise<{ readonly kind: "script"; readonly code: string; readonly sourceMap: string } | RefusedScript> {
  const plain = form === "default only" ? undefined : await withoutConverter(file, text);
  if (plain !== undefined) return plain;
  // What is exported by default is the function, or the object of functions, that `module.exports` would be.
  const converted = await convertSource({
    file,
    text,
    language: languageOf(file),
    format: "cjs",
    banner: '"use strict";',
    ...(form === "default only" && { footer: "module.exports = module.exports.default;" }),
  });
  if (converted.kind === "problem") return refused("SYNTAX_ERROR", converted.message, converted.position);
  const parsed = parseSource(converted.code, "script");
  if (parsed.kind === "problem") {
    return refused(
      "SYNTAX_ERROR",
      parsed.message,
      originalPosition({ file, ...converted }, parsed.position) ?? { line: 1, column: 1 },
    );
  }
  return { kind: "script", code: converted.code, sourceMap: converted.sourceMap };
}

/** The common module: declarations with `export` before them, or lists of names. */
async function withoutConverter(
  file: string,
  text: string,
): Promise<{ readonly kind: "script"; readonly code: string; readonly sourceMap: string } | undefined> {
  const language = languageOf(file);
  const untyped = await convertSource({ file, text, language, format: "esm", banner: '"use strict";' });
  if (untyped.kind === "problem") return undefined;
  const code = withInlineExports(untyped.code);
  if (code === undefined || parseSource(code, "script").kind === "problem") return undefined;
  return { kind: "script", code, sourceMap: untyped.sourceMap };
}

function importFaults({ program }: ParsedSource, positionAt: (offset: number) => Position): ScriptFault[] {
  return program.body.flatMap((statement): ScriptFault[] => {
    const source = "source" in statement ? statement.source : undefined;
    if (source === undefined || source === null) return [];
    const from = JSON.stringify(source.value);
    return [
      {
        code: "IMPORT_REFUSED",
        message: `importing ${from} is not supported: a stage is one file; put the code into it`,
        position: positionAt(statement.start),
      },
    ];
  });
}

function asyncFaults(parsed: ParsedSource, positionAt: (offset: number) => Position): ScriptFault[] {
  return findAsyncConstructs(parsed).map(({ construct, offset }) => ({
    code: "ASYNC_SOURCE",
    message: `\`${construct}\` is not available: stages are synchronous functions that return their result`,
    position: positionAt(offset),
  }));
}

function refused(code: ScriptErrorCode, message: string, position: Position): RefusedScript {
  return { kind: "refused", faults: [{ code, message, position }] };
}
