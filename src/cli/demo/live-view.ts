import type { Rejection, StandardEvent } from "../../model/contract.ts";
import { kindsInWords } from "../outcome-counts.ts";
import { printableLine } from "../printable.ts";
import type { Percentiles } from "./latency.ts";
import { bar, clock, duration, grouped, share, sparkline } from "../numbers.ts";
import type { Block, Row, Segment } from "./screen.ts";
import type { Tally } from "./tally.ts";

/** What the live view shows at one moment. */
export interface DemoState {
  readonly elapsedMs: number;
  /** Raw events a second, one for each of the last seconds, the newest last. */
  readonly rates: readonly number[];
  readonly tally: Tally;
  /** How many raw events there will be; absent where it runs until it is stopped. */
  readonly wanted?: number;
  readonly latency: Percentiles;
  readonly event?: StandardEvent;
  readonly rejection?: Rejection;
  /** Executors and isolates, in words. */
  readonly sandbox: string;
  readonly phase: "running" | "draining";
}

const blank: Row = [];
const barWidth = 36;
/** Width of the lines that a sample may take; the whole view is made for 80 columns. */
const sampleWidth = 74;

/** The live view as blocks, the first of which matter most. */
export function liveBlocks(state: DemoState): readonly Block[] {
  return [
    { priority: 0, rows: [title(state), blank] },
    { priority: 1, rows: [...throughput(state), blank] },
    { priority: 2, rows: outcomes(state.tally) },
    { priority: 4, rows: [blank, ...standardSample(state.event)] },
    { priority: 3, rows: [blank, ...rejectionSample(state.rejection)] },
    { priority: 5, rows: [blank, ...directions()] },
    { priority: 1, rows: [[["Ctrl-C finishes what is under way and prints the sums.", "dim"]]] },
  ];
}

function title({ elapsedMs, phase }: DemoState): Row {
  const what =
    phase === "running" ? "a simulated fleet through examples/catalog" : "finishing what is under way";
  const name = "Millrace";
  return [
    [name, "bold"],
    [`  ${what}`],
    [clock(elapsedMs).padStart(80 - name.length - 2 - what.length - 1), "dim"],
  ];
}

function throughput({ rates, tally, wanted, latency, sandbox }: DemoState): Row[] {
  const rate = grouped(rates.at(-1) ?? 0).padStart(9);
  const progress = wanted === undefined ? "" : ` of ${grouped(wanted)} (${share(tally.total.raw, wanted)})`;
  return [
    [[rate, "bold"], [" events/s  "], [sparkline(rates), "cyan"]],
    [
      [grouped(tally.total.raw).padStart(9)],
      [` raw events${progress}`],
      [`   latency p50 ${duration(latency.p50Ms)}, p99 ${duration(latency.p99Ms)}`],
    ],
    [[" ".repeat(10)], [sandbox, "dim"]],
  ];
}

function outcomes({ total, rejectedByType }: Tally): Row[] {
  const line = (name: string, count: number, style: "green" | "yellow" | "red"): Row => [
    [`  ${name}`, style],
    [grouped(count).padStart(13)],
    [share(count, total.raw).padStart(9)],
    [`  ${bar(count, total.raw, barWidth)}`, style],
  ];
  const types = kindsInWords(rejectedByType);
  return [
    line("standard", total.standard, "green"),
    line("filtered", total.filtered, "yellow"),
    line("rejected", total.rejected, "red"),
    [["           "], [types === "" ? "none rejected so far" : types, "dim"]],
  ];
}

function standardSample(event: StandardEvent | undefined): Row[] {
  if (event === undefined) return [[["No standard event yet", "dim"]]];
  const { eventType, data, eva, orgId, templateId, assetId } = event;
  const body = printableLine(JSON.stringify({ eventType, data, ...(eva !== undefined && { eva }) }));
  const first = body.slice(0, sampleWidth);
  return [
    [
      ["A standard event ", "green"],
      [printableLine(`${orgId} / ${templateId} / ${assetId}`), "dim"],
    ],
    [[`  ${first}`]],
    [
      [
        `  ${body.length > 2 * sampleWidth ? `${body.slice(sampleWidth, 2 * sampleWidth - 1)}…` : body.slice(sampleWidth)}`,
      ],
    ],
  ];
}

function rejectionSample(rejection: Rejection | undefined): Row[] {
  if (rejection === undefined) return [[["No rejection yet", "dim"]]];
  const { orgId, templateId, assetId, location, stage, type, code, message } = rejection;
  const who = [orgId, templateId, assetId].map((id) => id ?? "?").join(" / ");
  const place: Segment[] =
    location === undefined ? [] : [[`${location.file}:${location.line}:${location.column} `, "cyan"]];
  return [
    [
      ["A rejection ", "red"],
      [printableLine(who), "dim"],
    ],
    [[`  ${stage} ${type}/${code}  `], ...place, [printableLine(message)]],
  ];
}

function directions(): Row[] {
  return [
    [
      ["Templates ", "bold"],
      ["examples/catalog   "],
      ["Contract ", "bold"],
      ["schemas/   "],
      ["Sandbox ", "bold"],
      ["src/sandbox/"],
    ],
    [["Try next  ", "bold"], ["npx millrace test examples/catalog   npx millrace init my-catalog"]],
  ];
}
