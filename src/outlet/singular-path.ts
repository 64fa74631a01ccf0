import { isJsonObject } from "./json-shape.ts";

/** Reads one value out of parsed JSON; `undefined` where the query selects nothing. */
export type PathGetter = (root: unknown) => unknown;

/** What a path parses to: a getter, or where and why it is no singular query. */
export type SingularPath =
  | { readonly kind: "path"; readonly segments: readonly PathSegment[]; readonly get: PathGetter }
  | {
      readonly kind: "finding";
      /** Where the text stops being a singular query, UTF-16 code units, counted from 1. */
      readonly position: number;
      readonly message: string;
    };

/** A member name or an array index; a negative index counts from the end. */
export type PathSegment = string | number;

/**
 * Parses a singular query of RFC 9535 (section 2.3.5.1: names and indexes only), such as `$.data.a`, `$['a b']` or
 * `$.list[-1]`. Parse once, read often: the getter only ever sees own members.
 */
export function parseSingularPath(text: string): SingularPath {
  const scan: Scan = { text, at: 0 };
  const segments: PathSegment[] = [];
  try {
    if (text[0] !== "$") fail(scan, "a path starts with `$`");
    scan.at = 1;
    while (scan.at < text.length) {
      skipBlanks(scan);
      if (scan.at === text.length) fail(scan, "white space after the last segment");
      segments.push(readSegment(scan));
    }
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    return { kind: "finding", position: error.position, message: error.message };
  }
  return { kind: "path", segments, get: compileGetter(segments) };
}

interface Scan {
  readonly text: string;
  at: number;
}

class PathError extends Error {
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

function fail(scan: Scan, message: string, at = scan.at): never {
  throw new PathError(at + 1, message);
}

function skipBlanks(scan: Scan): void {
  while (scan.at < scan.text.length && " \t\n\r".includes(scan.text.charAt(scan.at))) scan.at += 1;
}

function readSegment(scan: Scan): PathSegment {
  const sign = scan.text[scan.at];
  if (sign === ".") return readShorthand(scan);
  if (sign === "[") return readBracket(scan);
  return fail(scan, "expected `.name`, `['name']` or `[index]`");
}

/** RFC 9535 `member-name-shorthand`: a letter, `_` or anything beyond ASCII, then digits too. */
const shorthand =
  /[A-Za-z_\u{80}-\u{D7FF}\u{E000}-\u{10FFFF}][A-Za-z0-9_\u{80}-\u{D7FF}\u{E000}-\u{10FFFF}]*/uy;

function readShorthand(scan: Scan): string {
  scan.at += 1;
  const next = scan.text[scan.at];
  if (next === ".") fail(scan, "`..` selects many values; a path must select one");
  if (next === "*") fail(scan, "`*` selects many values; a path must select one");
  shorthand.lastIndex = scan.at;
  const name = shorthand.exec(scan.text)?.[0];
  if (name === undefined) return fail(scan, "expected a name after `.`; other names are written `['name']`");
  scan.at += name.length;
  return name;
}

function readBracket(scan: Scan): PathSegment {
  scan.at += 1;
  skipBlanks(scan);
  const sign = scan.text[scan.at];
  const segment = sign === '"' || sign === "'" ? readQuoted(scan, sign) : readIndex(scan);
  skipBlanks(scan);
  if (scan.text[scan.at] === ",") fail(scan, "`,` selects many values; a path must select one");
  if (scan.text[scan.at] === ":") fail(scan, "a slice selects many values; a path must select one");
  if (scan.text[scan.at] !== "]") fail(scan, "expected `]`");
  scan.at += 1;
  return segment;
}

const integer = /0|-?[1-9][0-9]*/y;

function readIndex(scan: Scan): number {
  const sign = scan.text[scan.at];
  if (sign === "*") fail(scan, "`*` selects many values; a path must select one");
  if (sign === "?") fail(scan, "a filter selects many values; a path must select one");
  if (sign === ":") fail(scan, "a slice selects many values; a path must select one");
  integer.lastIndex = scan.at;
  const digits = integer.exec(scan.text)?.[0];
  if (digits === undefined) return fail(scan, "expected a quoted name or an index without leading zeros");
  const index = Number(digits);
  // RFC 9535 section 2.1: integers stay in the range that every JSON implementation holds exactly.
  if (!Number.isSafeInteger(index)) fail(scan, "an index lies between -(2^53)+1 and (2^53)-1");
  scan.at += digits.length;
  return index;
}

const escapes: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "/": "/",
  "\\": "\\",
};

function readQuoted(scan: Scan, quote: string): string {
  const start = scan.at;
  scan.at += 1;
  let name = "";
  for (;;) {
    const sign = scan.text[scan.at];
    if (sign === undefined) return fail(scan, "the quoted name has no end", start);
    if (sign === quote) break;
    if (sign === "\\") {
      name += readEscape(scan, quote);
    } else {
      if (sign < " ") fail(scan, "a control character in a name must be escaped");
      name += sign;
      scan.at += 1;
    }
  }
  scan.at += 1;
  if (!name.isWellFormed()) fail(scan, "a name must not hold half of a surrogate pair", start);
  return name;
}

function readEscape(scan: Scan, quote: string): string {
  const sign = scan.text[scan.at + 1] ?? "";
  if (sign === "u") {
    const digits = scan.text.slice(scan.at + 2, scan.at + 6);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) fail(scan, "`\\u` needs four hexadecimal digits");
    scan.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
  const meaning = sign === quote ? quote : Object.hasOwn(escapes, sign) ? escapes[sign] : undefined;
  if (meaning === undefined) return fail(scan, "an escape that RFC 9535 does not have");
  scan.at += 2;
  return meaning;
}

function compileGetter(segments: readonly PathSegment[]): PathGetter {
  const steps = segments.map((segment) =>
    typeof segment === "string" ? memberStep(segment) : indexStep(segment),
  );
  const [first, second, third] = steps;
  // One to three segments are nearly all paths there are; calling them directly halves the time of a loop.
  if (first === undefined) return (root) => root;
  if (second === undefined) return first;
  if (third === undefined) return (root) => second(first(root));
  if (steps.length === 3) return (root) => third(second(first(root)));
  return (root) => steps.reduce((value, step) => step(value), root);
}

/**
 * Parsed JSON inherits from `Object.prototype` alone, so a name that is not found there is an own member or absent;
 * only the others need the slower question. Arrays and texts have members too (`length`), but none that JSON knows.
 */
function memberStep(name: string): PathGetter {
  if (name in Object.prototype) {
    return (value) => (isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  }
  return (value) => (isJsonObject(value) ? value[name] : undefined);
}

function indexStep(index: number): PathGetter {
  if (index < 0)
    return (value) => (Array.isArray(value) ? (value[value.length + index] as unknown) : undefined);
  return (value) => (Array.isArray(value) ? (value[index] as unknown) : undefined);
}
