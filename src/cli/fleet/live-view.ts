import type { RawEventLine, Rejection, StandardEvent } from "../../model/contract.ts";
import { kindsInWords } from "../outcome-counts.ts";
import { printableLine } from "../printable.ts";
import { bar, clock, duration, grouped, share, sparkline } from "../numbers.ts";
import { linePayloadText, payloadText } from "./payload-text.ts";
import type { Block, Row, ScreenSize, Segment } from "./screen.ts";
import type { Tally } from "./tally.ts";

/** Percentiles of latency, milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What the live view shows at one moment. */
export interface FleetState {
  readonly elapsedMs: number;
  /** Raw events a second, one for each of the last seconds, the newest last. */
  readonly rates: readonly number[];
  readonly tally: Tally;
  /** How many raw events there will be; absent where it runs until it is stopped. */
  readonly wanted?: number;
  readonly latency: Percentiles;
  /** A standard event, and the raw event that it was made of. */
  readonly sample?: { readonly line: RawEventLine; readonly event: StandardEvent };
  readonly rejection?: Rejection;
  /** Executors and isolates, in words. */
  readonly sandbox: string;
  readonly phase: "running" | "draining";
}

const blank: Row = [];
/** The view is made for this many columns; one with more gets longer samples, up to the second number. */
const columnsMade = { least: 80, most: 120 };
/** Rows of the view where a sample takes no more than two of them. */
const rowsMade = 23;
const barWidth = 20;
/** Width of what stands before each line of a sample. */
const labelWidth = 7;

/** The live view as blocks, the first of which matter most. */
export function liveBlocks(state: FleetState, size: ScreenSize): readonly Block[] {
  const columns = Math.min(Math.max(size.columns, columnsMade.least), columnsMade.most);
  const sampleRows = Math.min(Math.max(size.rows - rowsMade + 2, 2), 5);
  return [
    { priority: 0, rows: [title(state, columns), blank] },
    { priority: 1, rows: [...throughput(state), blank] },
    { priority: 2, rows: outcomes(state.tally) },
    { priority: 4, rows: [blank, ...standardSample(state.sample, columns - labelWidth, sampleRows)] },
    { priority: 3, rows: [blank, ...rejectionSample(state.rejection, columns - labelWidth)] },
    { priority: 5, rows: [blank, ...directions()] },
    { priority: 1, rows: [[["Ctrl-C finishes what is under way and prints the sums.", "dim"]]] },
  ];
}

function title({ elapsedMs, phase }: FleetState, columns: number): Row {
  const what =
    phase === "running" ? "a simulated fleet through examples/catalog" : "finishing what is under way";
  const name = "Millrace";
  return [
    [name, "bold"],
    [`  ${what}`],
    [clock(elapsedMs).padStart(columns - name.length - 2 - what.length - 1), "dim"],
  ];
}

function throughput({ elapsedMs, rates, tally, wanted, latency, sandbox }: FleetState): Row[] {
  // Before the first second is over there is only the mean.
  const mean = elapsedMs === 0 ? 0 : (1000 * tally.total.raw) / elapsedMs;
  const rate = grouped(rates.at(-1) ?? mean).padStart(9);
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
  const line = (name: string, count: number, style: "green" | "yellow" | "red", meaning: string): Row => [
    [`  ${name}`, style],
    [grouped(count).padStart(13)],
    [share(count, total.raw).padStart(9)],
    [`  ${bar(count, total.raw, barWidth).padEnd(barWidth)}`, style],
    [`  ${meaning}`, "dim"],
  ];
  const types = kindsInWords(rejectedByType);
  return [
    line("standard", total.standard, "green", "typed events came out"),
    line("filtered", total.filtered, "yellow", "of no interest"),
    line("rejected", total.rejected, "red", "with reason and place"),
    [[" ".repeat(10)], [types === "" ? "none rejected so far" : `by type: ${types}`, "dim"]],
  ];
}

function standardSample(sample: FleetState["sample"], width: number, rows: number): Row[] {
  if (sample === undefined) return [[["No standard event yet", "dim"]]];
  const { eventType, data, eva, orgId, templateId, assetId } = sample.event;
  const body = printableLine(JSON.stringify({ eventType, data, ...(eva !== undefined && { eva }) }));
  // As many rows for a short event as for a long one, so that what stands below does not jump.
  const lines = [...wrapped(body, width, rows), ...Array<string>(rows).fill("")].slice(0, rows);
  return [
    [
      ["A standard event ", "green"],
      [printableLine(`${orgId} / ${templateId} / ${assetId}`), "dim"],
    ],
    rawRow(linePayloadText(sample.line), width),
    ...lines.map((text, index): Row => [[index === 0 ? "  out  " : "       "], [text]]),
  ];
}

function rejectionSample(rejection: Rejection | undefined, width: number): Row[] {
  if (rejection === undefined) return [[["No rejection yet", "dim"]]];
  const { orgId, templateId, assetId, location, stage, type, code, message, record } = rejection;
  const who = [orgId, templateId, assetId].map((id) => id ?? "?").join(" / ");
  const place: Segment[] =
    location === undefined ? [] : [[`${location.file}:${location.line}:${location.column} `, "cyan"]];
  return [
    [
      ["A rejection ", "red"],
      [printableLine(who), "dim"],
    ],
    rawRow(payloadText(Buffer.from(record.payloadBase64 ?? "", "base64")), width),
    [[`  why  ${stage} ${type}/${code}  `], ...place, [printableLine(message)]],
  ];
}

function rawRow(text: string, width: number): Row {
  return [["  raw  "], [wrapped(text, width, 1).join(""), "dim"]];
}

/** A text in at most so many rows, broken behind a comma where there is one. */
function wrapped(text: string, width: number, rows: number): string[] {
  if (text.length <= width) return [text];
  if (rows === 1) return [`${text.slice(0, width - 1)}…`];
  const behindComma = text.lastIndexOf(",", width - 1) + 1;
  const cut = behindComma > width / 2 ? behindComma : width;
  return [text.slice(0, cut), ...wrapped(text.slice(cut), width, rows - 1)];
}

function directions(): Row[] {
  return [
    [
      ["Templates ", "bold"],
      ["examples/catalog   "],
      ["Contract ", "bold"],
      ["schemas/   "],
      ["Log ", "bold"],
      ["data/fleet.db"],
    ],
    [["Try next  ", "bold"], ["npx millrace test examples/catalog   npx millrace dev my-catalog"]],
  ];
}
