/** How a file writes its JSON. */
export interface JsonStyle {
  /** What one level is indented by; `null` where the file is written without line breaks. */
  readonly indent: string | null;
  readonly newline: "\n" | "\r\n";
}

/** Longest line onto which an object or array is put whole, characters. */
const lineWidth = 100;

/** Recognises the style of a JSON text from its first indented line. */
export function jsonStyleOf(text: string): JsonStyle {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  if (!text.trim().includes("\n")) return { indent: null, newline };
  return { indent: /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ", newline };
}

/** Writes a value in a style, for a place that is indented by `margin` and stands behind `column` characters. */
export function formatJson(value: unknown, style: JsonStyle, margin: string, column: number): string {
  if (style.indent === null) return JSON.stringify(value);
  const short = onOneLine(value);
  if (column + short.length <= lineWidth || typeof value !== "object" || value === null) return short;
  const inner = margin + style.indent;
  const entries = Array.isArray(value)
    ? value.map((item) => inner + formatJson(item, style, inner, inner.length))
    : Object.entries(value).map(([key, item]) => {
        const start = `${inner}${JSON.stringify(key)}: `;
        return start + formatJson(item, style, inner, start.length);
      });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}${style.newline}${entries.join(`,${style.newline}`)}${style.newline}${margin}${close}`;
}

/** `{ "a": [1, 2] }`: room inside braces and behind commas. */
function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
