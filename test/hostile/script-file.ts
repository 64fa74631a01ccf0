import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { scriptStages, type ScriptStage } from "../../src/model/stage.ts";

/** What may become of the event that the attack is made with. */
export type ExpectedOutcome =
  | { readonly kind: "standard"; readonly data?: unknown }
  | { readonly kind: "filtered" }
  | { readonly kind: "rejected"; readonly type: string; readonly code: string; readonly stage: string };

/** One hostile script and what its header says of it. */
export interface HostileScript {
  /** The file's name without its extension. */
  readonly name: string;
  readonly text: string;
  /** What it tries, in a sentence. */
  readonly attempt: string;
  /** Any of them will do; more than one stands only where memory and time race each other. */
  readonly outcomes: readonly ExpectedOutcome[];
  /** What the rejection's message must match. */
  readonly message?: RegExp;
  /** `file:line:column` of the rejection. */
  readonly location?: string;
  /** The stage in which `attack` is called. */
  readonly at: ScriptStage;
  /** Whether the template's other events fare as the attacking one does, because the attack is the file itself. */
  readonly others: "unharmed" | "alike";
  /** CPU time that a stage may take, milliseconds: more for scripts that must come as far as the memory's limit. */
  readonly stageCpuMs: number;
  readonly debug: "off" | "on";
  readonly dialect: "millrace" | "lorawan";
}

/** CPU limit of attackers' stages, milliseconds. A small one, so that all scripts take little time. */
const usualCpuMs = 25;
const scriptsUrl = new URL("./scripts/", import.meta.url);

/** The whole catalogue, by name. */
export function readHostileScripts(): readonly HostileScript[] {
  const files = readdirSync(scriptsUrl).filter((file) => /\.[jt]s$/.test(file));
  return files.sort().map((file) => parseScript(file, readFileSync(new URL(file, scriptsUrl), "utf8")));
}

/** The header is the first lines of the form `// Key: value`; a line that begins with three spaces goes on. */
function parseScript(file: string, raw: string): HostileScript {
  const header = new Map<string, string>();
  for (const line of raw.split("\n")) {
    const [, key, value] = /^\/\/ (?:([A-Z]\w*): |  )(.*)$/.exec(line) ?? [];
    if (value === undefined) break;
    const at = key ?? [...header.keys()].at(-1) ?? "";
    header.set(at, [header.get(at), value].filter(Boolean).join(" "));
  }
  const need = (key: string): string => {
    const value = header.get(key);
    if (value === undefined) throw new Error(`${file} has no line "// ${key}: …"`);
    return value;
  };
  const message = header.get("Message");
  const location = header.get("Location");
  return {
    name: basename(file).replace(/\.[jt]s$/, ""),
    text: filled(raw, header.get("Fill")),
    attempt: need("Attempt"),
    outcomes: need("Outcome").split(" or ").map(readOutcome),
    at: stageOf(header.get("At") ?? "transform"),
    others: header.get("Others") === "alike" ? "alike" : "unharmed",
    stageCpuMs: Number(header.get("Cpu") ?? usualCpuMs),
    debug: header.get("Debug") === "on" ? "on" : "off",
    dialect: header.get("Dialect") === "lorawan" ? "lorawan" : "millrace",
    ...(message !== undefined && { message: new RegExp(message) }),
    ...(location !== undefined && { location }),
  };
}

/** `Fill: 1000 [` puts a thousand brackets where the text says FILL: so that a large source is a small file. */
function filled(raw: string, fill: string | undefined): string {
  if (fill === undefined) return raw;
  const space = fill.indexOf(" ");
  return raw.replace("/*FILL*/", fill.slice(space + 1).repeat(Number(fill.slice(0, space))));
}

function stageOf(text: string): ScriptStage {
  const stage = scriptStages.find((name) => name === text);
  if (stage === undefined) throw new Error(`${text} is no stage`);
  return stage;
}

/** `filtered`, `standard`, `standard {…its data…}`, or `rejected TYPE CODE at STAGE`. */
function readOutcome(text: string): ExpectedOutcome {
  if (text === "filtered") return { kind: "filtered" };
  if (text === "standard") return { kind: "standard" };
  const [, data] = /^standard (.+)$/s.exec(text) ?? [];
  if (data !== undefined) return { kind: "standard", data: JSON.parse(data) as unknown };
  const [, type, code, stage] = /^rejected (\w+) (\w+) at (\w+)$/.exec(text) ?? [];
  if (type === undefined || code === undefined || stage === undefined) throw new Error(`no outcome: ${text}`);
  return { kind: "rejected", type, code, stage };
}
