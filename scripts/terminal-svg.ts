export type Colour = "plain" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Cells of one row that stand side by side and look alike. */
export interface Run {
  readonly column: number;
  readonly text: string;
  readonly colour: Colour;
  readonly weight: "normal" | "bold";
}

/** What stands around the rows. */
export interface PictureOptions {
  readonly columns: number;
  /** What a person typed, shown in the window's bar. */
  readonly caption: string;
  /** What the picture shows, for those who cannot see it. */
  readonly title: string;
}

/** All lengths in pixels. A cell has the proportions of the usual monospace fonts. */
const cell = { width: 8.4, height: 18 };
const fontSize = 14;
const margin = 16;
const barHeight = 32;

/** On the window's background every one of these has a contrast of 4.5 or more. */
const colours: Readonly<Record<Colour, string>> = {
  plain: "#e6edf3",
  dim: "#8b949e",
  red: "#ff7b72",
  green: "#56d364",
  yellow: "#e3b341",
  cyan: "#76e3ea",
};
const background = "#0d1117";
const bar = "#161b22";

/**
 * A terminal's rows as a picture. It brings its own dark background, so that it can be read on a page of any colour.
 * Blocks of bars and lines of columns are drawn as rectangles: the fonts of different machines do not agree on them.
 */
export function terminalSvg(rows: readonly (readonly Run[])[], options: PictureOptions): string {
  const width = Math.ceil(options.columns * cell.width + 2 * margin);
  const height = Math.ceil(barHeight + rows.length * cell.height + 2 * margin);
  const body = rows.flatMap((runs, row) => runs.map((run) => drawRun(run, row)));
  const styles = Object.entries(colours).map(([name, value]) => `.${name}{fill:${value}}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(options.title)}</title>`,
    `<style>text{font:${fontSize}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}.bold{font-weight:bold}${styles.join("")}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    `<path d="M0 ${barHeight}V8a8 8 0 0 1 8-8H${width - 8}a8 8 0 0 1 8 8V${barHeight}z" fill="${bar}"/>`,
    `<text x="${margin}" y="${barHeight / 2 + 5}"><tspan class="dim">$ </tspan><tspan class="plain">${escaped(options.caption)}</tspan></text>`,
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

function drawRun({ column, text, colour, weight }: Run, row: number): string {
  const x = margin + column * cell.width;
  const y = barHeight + margin + row * cell.height;
  if (isBlocks(text))
    return `<path class="${colour}" d="${[...text].map((block, index) => drawBlock(block, x + index * cell.width, y)).join("")}"/>`;
  const look = weight === "bold" ? `${colour} bold` : colour;
  // The length is given, so that columns stand below each other in whatever font there is.
  const length = round(text.length * cell.width);
  return `<text class="${look}" x="${round(x)}" y="${y + 14}" textLength="${length}">${escaped(text)}</text>`;
}

function isBlocks(text: string): boolean {
  return /^[\u2581-\u258f]+$/.test(text);
}

/** U+2581 to U+2588 fill a cell from below by eighths, U+2589 to U+258F from the left by seven to one of them. */
function drawBlock(block: string, x: number, y: number): string {
  const code = block.charCodeAt(0);
  const height = code <= 0x2588 ? ((code - 0x2580) / 8) * (cell.height - 3) : cell.height - 3;
  const width = code <= 0x2588 ? cell.width : ((0x2590 - code) / 8) * cell.width;
  return `M${round(x)} ${round(y + cell.height - 1)}h${round(width)}v${round(-height)}h${round(-width)}z`;
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
