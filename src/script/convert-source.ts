import { transform, type Loader, type Message, type TransformFailure } from "esbuild";
import type { Position } from "./finding.ts";

/** A source as esbuild has rewritten it. */
export interface ConvertedSource {
  readonly kind: "converted";
  readonly code: string;
  /** JSON of a source map from `code` to the author's text, which it carries. */
  readonly sourceMap: string;
}

/** Why esbuild refused a source, and where in the author's text. */
export interface ConversionProblem {
  readonly kind: "problem";
  readonly message: string;
  readonly position: Position;
}

export interface Conversion {
  readonly file: string;
  readonly text: string;
  readonly language: "javascript" | "typescript";
  /** `esm` only takes types away; `cjs` also turns imports and exports into those of a classic script. */
  readonly format: "esm" | "cjs";
  /** Text that goes before and after what the author wrote. */
  readonly banner?: string;
  readonly footer?: string;
}

/** The language of a source file by its name. */
export function languageOf(file: string): "javascript" | "typescript" {
  return /\.[mc]?ts$/i.test(file) ? "typescript" : "javascript";
}

/** Rewrites a source; nothing but the source decides what comes of it, no configuration file is read. */
export async function convertSource(conversion: Conversion): Promise<ConvertedSource | ConversionProblem> {
  const { file, text, language, format, banner, footer } = conversion;
  const loader: Loader = language === "typescript" ? "ts" : "js";
  try {
    const { code, map } = await transform(text, {
      format,
      loader,
      target: "es2024",
      charset: "utf8",
      sourcefile: file,
      sourcemap: "external",
      sourcesContent: true,
      logLevel: "silent",
      tsconfigRaw: {},
      ...(banner !== undefined && { banner }),
      ...(footer !== undefined && { footer }),
    });
    return { kind: "converted", code, sourceMap: map };
  } catch (error) {
    const [message] = (error as Partial<TransformFailure>).errors ?? [];
    if (message === undefined) throw error;
    return { kind: "problem", message: firstLine(message.text), position: positionOf(message) };
  }
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.slice(0, 1).toLowerCase() + line.slice(1);
}

/** esbuild counts columns from 0, in bytes of UTF-8. */
function positionOf({ location }: Message): Position {
  if (location === null) return { line: 1, column: 1 };
  const before = Buffer.from(location.lineText, "utf8").subarray(0, location.column).toString("utf8");
  return { line: location.line, column: before.length + 1 };
}
