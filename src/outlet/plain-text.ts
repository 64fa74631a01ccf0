/** What a text is made fit for: one line, or several. */
export interface PlainTextOptions {
  /** `one`: line breaks and tabs become spaces; `many`: line feeds and tabs stay. */
  readonly lines: "one" | "many";
  /** Longest result, UTF-16 code units, without the mark that says how much was cut. */
  readonly limitCharacters: number;
}

/**
 * What a terminal obeys instead of showing (control characters, so the escape character of ANSI sequences too), what
 * breaks a line, and what makes text run backwards. A script's message holds what the script likes.
 */
const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes a foreign text fit to be shown: what a terminal would obey is written out as an escape (`\x1b`), halves of
 * surrogate pairs become U+FFFD, and a text that is too long ends in a mark that says how many characters are missing.
 */
export function plainText(text: string, options: PlainTextOptions): string {
  const { lines, limitCharacters } = options;
  // Cutting first bounds the work; an escape can only make the text longer by a small factor.
  const kept = text.length > limitCharacters ? cutAt(text, limitCharacters) : text;
  const shown = kept.toWellFormed().replace(obeyed, (sign) => showSign(sign, lines));
  return kept.length === text.length ? shown : `${shown}… (${text.length - kept.length} more characters)`;
}

/** The first part of a text, not ending between the halves of a surrogate pair. */
function cutAt(text: string, limitCharacters: number): string {
  const last = text.charCodeAt(limitCharacters - 1);
  const splits = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? limitCharacters - 1 : limitCharacters);
}

function showSign(sign: string, lines: "one" | "many"): string {
  if (sign === "\n" || sign === "\t") return lines === "many" ? sign : " ";
  if (sign === "\r" && lines === "one") return " ";
  const code = sign.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
