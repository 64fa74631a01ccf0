import { Readable } from "node:stream";
import { afterAll, beforeAll, expect } from "vitest";
import type { Engine } from "../../src/app/engine-port.ts";
import { openEngine } from "../../src/app/open-engine.ts";
import { readRawEvents } from "../../src/cli/run/line-input.ts";
import { outcomeLines } from "../../src/cli/run/outcome-line.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import type { Rejection, StandardEvent } from "../../src/model/contract.ts";
import type { ConsoleLine } from "../../src/model/script-fault.ts";
import { checkOutcomeLine } from "../../src/model/validators.ts";
import type { Processed } from "../../src/pipeline/outcome.ts";
import type { SandboxStats } from "../../src/sandbox/port.ts";
import { open, type Tree } from "../catalog/catalog-tree.ts";

/** What every run takes for now, so for `time` of a line without one and for `ingested`. */
export const now = "2025-03-01T08:15:00.412Z";

/** Texts of the stages' files (`source`: of a template.ts), with whatever else stands in template.json. */
export interface SmallTemplate {
  readonly decode?: string;
  readonly validate?: string;
  readonly transform?: string;
  readonly source?: string;
  readonly [key: string]: unknown;
}

/** A line of the input: its text, or what stands in it; then it is for the asset `a1` of the org `acme` without ids. */
export type SmallLine = string | Readonly<Record<string, unknown>>;

/** One line of the output, as `run` writes it, with what a script wrote to its console. */
export interface SmallOutcome {
  readonly outcome: "standard" | "filtered" | "rejected";
  readonly event?: StandardEvent;
  readonly events?: readonly StandardEvent[];
  readonly eventId?: string;
  readonly rejection?: Rejection;
  readonly console?: readonly ConsoleLine[];
  /** The line's own text. */
  readonly text: string;
}

/** A transform that lets a test see what reached it: as `data.v`. */
export const showing = "function transform(v) { return { eventType: 'seen', data: { v } } }";

/** A transform that shows an expression over its input `v` and the `metadata`. */
export function shows(expression: string): string {
  return `function transform(v, metadata) { return { eventType: 'seen', data: { v: ${expression} } } }`;
}

/** A transform that gives what the expression over its input `v` and the `metadata` says. */
export function gives(expression: string): string {
  return `function transform(v, metadata) { return ${expression} }`;
}

/**
 * One expression for a table of them: it is the one that the event's attribute `chosen` names. The tests of a table then
 * share a template, which is compiled and sealed once and not for each of them.
 */
export function anyOf(expressions: readonly string[]): string {
  const members = expressions.map((expression) => `${JSON.stringify(expression)}: () => (${expression})`);
  return `({ ${members.join(",\n")} })[metadata.attributes.chosen]()`;
}

/** A line that has {@link anyOf} give this expression. */
export function choosing(expression: string, payload: unknown = 1): SmallLine {
  return { payload, attributes: { chosen: expression } };
}

/**
 * A catalog of one org `acme` with a template `t`, or with several by their names. Its assets are bound to the first:
 * `a1`, and `debugged`, whose console lines and stacks are kept.
 */
export function catalogOf(templates: Readonly<Record<string, SmallTemplate>>, more: Tree = {}): Tree {
  const [first] = Object.keys(templates);
  const tree: Record<string, unknown> = {
    "acme/assets.json": [
      { assetId: "a1", templateId: first, attributes: { room: "101" } },
      { assetId: "debugged", templateId: first, debugEnabled: true },
    ],
  };
  for (const [templateId, { decode, validate, transform, source, ...json }] of Object.entries(templates)) {
    const files = { decode, validate, transform, source };
    const named: Record<string, string> = {};
    for (const [key, text] of Object.entries(files)) {
      if (text === undefined) continue;
      named[key] = key === "source" ? "template.ts" : `${key}.js`;
      tree[`acme/templates/${templateId}/${named[key]}`] = text;
    }
    tree[`acme/templates/${templateId}/template.json`] = { version: "1", ...named, ...json };
  }
  return { ...tree, ...more };
}

/** An engine over catalogs that each test makes up. */
export interface SmallEngine {
  /** Sends lines through a catalog; every line that comes out is held against the schema. */
  runCatalog(tree: Tree, lines: readonly SmallLine[]): Promise<SmallOutcome[]>;
  /**
   * Sends lines through one template: once in the realm that its source allows, once in a fresh realm for each event.
   * The two must not differ; what is refused before it runs has no realm.
   */
  run(template: SmallTemplate, lines: readonly SmallLine[]): Promise<SmallOutcome[]>;
  /** The one outcome of one line. */
  one(template: SmallTemplate, line?: SmallLine): Promise<SmallOutcome>;
  /** The standard event of one line. */
  event(template: SmallTemplate, line?: SmallLine): Promise<StandardEvent>;
  /** `data.v` of the standard event of one line, as {@link showing} writes it. */
  shown(template: SmallTemplate, line?: SmallLine): Promise<unknown>;
  /** The rejection of one line. */
  rejection(template: SmallTemplate, line?: SmallLine): Promise<Rejection>;
  stats(): Promise<SandboxStats>;
}

/** Settings that differ from their defaults. */
export interface SmallEngineOptions {
  readonly crossingEvents?: number;
  readonly stageCpuMs?: number;
}

/** Opens one engine for all tests of a file, with one executor, and closes it after them. */
export function smallEngine(options: SmallEngineOptions = {}): SmallEngine {
  const { config } = loadConfig({ workingDir: "/" });
  const { crossingEvents = config.sandbox.crossingEvents, stageCpuMs = config.limits.stageCpuMs } = options;
  const sandbox = { ...config.sandbox, executors: 1, spareIsolates: 0, crossingEvents };
  const limits = { ...config.limits, stageCpuMs };
  let engine: Engine;
  beforeAll(async () => {
    const { view } = await open({ "acme/org.json": {} });
    engine = await openEngine({ ...config, sandbox }, view, { debug: "off" });
  });
  afterAll(() => engine.close());

  const runCatalog: SmallEngine["runCatalog"] = async (tree, lines) => {
    engine.useCatalog((await open(tree, limits)).view);
    const text = lines.map((line) =>
      typeof line === "string" ? line : JSON.stringify({ orgId: "acme", assetId: "a1", ...line }),
    );
    const { lineBytes, payloadBytes } = limits;
    const input = readRawEvents(
      { stream: Readable.from([Buffer.from(text.join("\n"))]) },
      { now: () => Date.parse(now), lineBytes, payloadBytes, stop: new AbortController().signal },
    );
    const outcomes: SmallOutcome[] = [];
    for await (const group of engine.process(input)) {
      for (const processed of group) outcomes.push(readOutcome(processed));
    }
    expect(outcomes).toHaveLength(lines.length);
    return outcomes;
  };
  const run: SmallEngine["run"] = async (template, lines) => {
    const outcomes = await runCatalog(catalogOf({ t: template }), lines);
    if (outcomes.some(({ rejection }) => rejection?.type === "syntax")) return outcomes;
    expect(await runCatalog(catalogOf({ t: inFreshRealm(template) }), lines)).toEqual(outcomes);
    return outcomes;
  };
  const one: SmallEngine["one"] = async (template, line = { payload: 1 }) => {
    const [outcome] = await run(template, [line]);
    return outcome as SmallOutcome;
  };
  const event: SmallEngine["event"] = async (template, line) => {
    const outcome = await one(template, line);
    if (outcome.event === undefined) throw new Error(`no standard event: ${outcome.text}`);
    return outcome.event;
  };
  return {
    runCatalog,
    run,
    one,
    event,
    shown: async (template, line) => (await event({ transform: showing, ...template }, line)).data["v"],
    rejection: async (template, line) => {
      const outcome = await one(template, line);
      if (outcome.rejection === undefined) throw new Error(`no rejection: ${outcome.text}`);
      return outcome.rejection;
    },
    stats: () => engine.stats(),
  };
}

/** The template with a statement in each of its files that no sealed realm takes; lines and columns stay. */
function inFreshRealm(template: SmallTemplate): SmallTemplate {
  const changed: Record<string, unknown> = { ...template };
  for (const key of ["decode", "validate", "transform", "source"]) {
    if (typeof template[key] === "string") changed[key] = `${template[key]}\n;if (0) Math.never = 0;`;
  }
  return changed;
}

function readOutcome({ outcome, console }: Processed): SmallOutcome {
  const text = outcomeLines([outcome]).toString("utf8");
  const line = JSON.parse(text) as SmallOutcome;
  expect(checkOutcomeLine(line), text).toMatchObject({ kind: "valid" });
  return { ...line, text, ...(console === undefined ? {} : { console }) };
}
