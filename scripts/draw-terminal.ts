import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import headless, { type IBufferCell, type IBufferLine, type Terminal } from "@xterm/headless";
import { terminalSvg, type Colour, type Run } from "./terminal-svg.ts";

/*
 * Draws docs/images/live-view.svg: what `npm start -- --events 100000` shows near its end on a terminal of 100 columns
 * and 30 rows. The program runs as it is, and a headless terminal interprets what it writes.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "docs/images/live-view.svg");
const size = { cols: 100, rows: 30 };
const command = "node --no-node-snapshot src/main.ts dev --fleet --events 100000";
/** Of util-linux: runs a command under a pseudo-terminal and passes on what it writes. */
const pseudoTerminal = "script";
/** The view is drawn every 250 ms in one go; after a quiet stretch this long the screen is a whole frame. */
const quietMs = 50;
/** What stands on the first and on the last row of the view. */
const marks = ["Millrace", "Ctrl-C"];

/** Runs the program and gives the last whole frame of its view. */
async function lastFrame(): Promise<readonly (readonly Run[])[]> {
  const terminal = new headless.Terminal({ ...size, scrollback: 0, allowProposedApi: true });
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...environment } = process.env;
  const shell = `stty cols ${size.cols} rows ${size.rows}; exec ${command}`;
  const child = spawn(pseudoTerminal, ["-qefc", shell, "/dev/null"], {
    cwd: root,
    env: { ...environment, TERM: "xterm-256color" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  let frame: readonly (readonly Run[])[] = [];
  let chunks = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    const chunkNumber = ++chunks;
    terminal.write(chunk, () => {
      void delay(quietMs).then(() => {
        if (chunkNumber === chunks && showsView(terminal)) frame = readRows(terminal);
      });
    });
  });
  const code = await ended;
  if (code !== 0) throw new Error(`${command} ended with exit code ${code}`);
  if (frame.length === 0) throw new Error("the view was never seen whole");
  return frame;
}

function showsView(terminal: Terminal): boolean {
  const rows = lines(terminal).map((line) => line.translateToString(true));
  return marks.every((mark) => rows.some((row) => row.startsWith(mark)));
}

function lines({ buffer, rows }: Terminal): IBufferLine[] {
  return Array.from({ length: rows }, (_, row) => buffer.active.getLine(buffer.active.baseY + row)).filter(
    (line) => line !== undefined,
  );
}

/** The rows as runs of cells that look alike, without the blank ones at the end. */
function readRows(terminal: Terminal): readonly (readonly Run[])[] {
  const rows = lines(terminal).map(readRow);
  return rows.slice(0, rows.findLastIndex((runs) => runs.length > 0) + 1);
}

function readRow(line: IBufferLine): readonly Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < line.length; column += 1) {
    const cell = line.getCell(column);
    const text = cell?.getChars() ?? "";
    if (cell === undefined || text === "" || text === " ") continue;
    const look = lookOf(cell);
    const last = runs.at(-1);
    // One blank between two words of the same look does not part them.
    const gap = last === undefined ? undefined : column - (last.column + last.text.length);
    if (last !== undefined && (gap === 0 || gap === 1) && isSameLook(last, look))
      runs[runs.length - 1] = { ...last, text: last.text + " ".repeat(gap) + text };
    else runs.push({ column, text, ...look });
  }
  return runs;
}

function isSameLook(a: Omit<Run, "column" | "text">, b: Omit<Run, "column" | "text">): boolean {
  return a.colour === b.colour && a.weight === b.weight;
}

const palette: readonly (Colour | undefined)[] = [
  undefined,
  "red",
  "green",
  "yellow",
  undefined,
  undefined,
  "cyan",
];

function lookOf(cell: IBufferCell): Omit<Run, "column" | "text"> {
  const colour = cell.isFgPalette() ? palette[cell.getFgColor()] : undefined;
  return {
    colour: colour ?? (cell.isDim() === 0 ? "plain" : "dim"),
    weight: cell.isBold() === 0 ? "normal" : "bold",
  };
}

const svg = terminalSvg(await lastFrame(), {
  columns: size.cols,
  caption: "npm start -- --events 100000",
  title: "The live view of npm start: rate, outcomes, a sample event and a sample rejection",
});
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, svg);
process.stdout.write(`wrote ${target}, ${svg.length} characters\n`);
