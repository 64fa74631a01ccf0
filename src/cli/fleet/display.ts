import { createLogUpdate } from "log-update";
import type { Colors, Host } from "../host.ts";
import { clock } from "../numbers.ts";
import { liveBlocks, type FleetState } from "./live-view.ts";
import { layOut } from "./screen.ts";
import { progressLine } from "./summary.ts";

/** Where the demonstration shows how it goes. */
export interface Display {
  /** `live`: a view that is drawn in place, among which other lines would stand wrong. */
  readonly kind: "live" | "lines";
  /** How often a state is wanted, milliseconds. */
  readonly intervalMs: number;
  /** `closed` where nobody reads any more. */
  show(state: FleetState): Promise<"open" | "closed">;
  /** Leaves the terminal as it was found. */
  end(): void;
}

/** A view that is drawn in place. */
export function terminalDisplay(terminal: NodeJS.WriteStream, colors: Colors): Display {
  const draw = createLogUpdate(terminal);
  let last: FleetState | undefined;
  const redraw = (): void => {
    if (last === undefined) return;
    // One row stays free, for the cursor stands below the view.
    const size = { columns: terminal.columns || 80, rows: Math.max(1, (terminal.rows || 24) - 1) };
    draw(layOut(liveBlocks(last, size), size, colors));
  };
  const onResize = (): void => {
    // The terminal has broken the old lines anew, so that nobody knows where they are: the screen is wiped.
    terminal.write("\u001b[2J\u001b[H");
    redraw();
  };
  terminal.on("resize", onResize);
  return {
    kind: "live",
    intervalMs: 250,
    show: async (state) => {
      last = state;
      redraw();
      return "open";
    },
    end: () => {
      terminal.off("resize", onResize);
      draw.clear();
      draw.done();
    },
  };
}

/** Plain lines, for a log or a pipe. */
export function lineDisplay(write: (line: string) => Promise<"open" | "closed">): Display {
  return {
    kind: "lines",
    intervalMs: 1000,
    show: ({ elapsedMs, rates, tally, latency }) =>
      write(`${progressLine(clock(elapsedMs), rates.at(-1) ?? 0, tally, latency)}\n`),
    end: () => undefined,
  };
}

/** The display for this process: in place on a terminal, else lines; beside JSON the lines are no data. */
export function chooseDisplay(host: Host, output: "text" | "json"): Display {
  if (output === "json") {
    return lineDisplay(async (line) => {
      host.say(line.trimEnd());
      return "open";
    });
  }
  if (process.stdout.isTTY && process.env["TERM"] !== "dumb")
    return terminalDisplay(process.stdout, host.dataColors);
  return lineDisplay((line) => host.stdout.write(line));
}
