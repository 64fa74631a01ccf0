import type { RunnableTemplate, SandboxEvent, SandboxResult } from "../../src/sandbox/port.ts";
import { prepareTemplate } from "../../src/script/prepare-template.ts";

/** Texts of the stages that a template has. */
export interface StageTexts {
  readonly decode?: string;
  readonly validate?: string;
  readonly transform?: string;
}

/** What a test may care for besides the texts. */
export interface TemplateChoice {
  readonly orgId?: string;
  readonly templateId?: string;
  readonly limits?: Partial<RunnableTemplate["limits"]>;
  /** Forced on the template whatever its text allows. */
  readonly realm?: RunnableTemplate["realm"];
}

/** A transform whose event's `data.v` is what an expression over `p` gives. */
export function shows(expression: string): StageTexts {
  return { transform: `function transform(p) { return { eventType: "seen", data: { v: ${expression} } }; }` };
}

/** A template that executors can run, prepared as the catalog does. */
export async function templateOf(texts: StageTexts, choice: TemplateChoice = {}): Promise<RunnableTemplate> {
  const { orgId = "acme", templateId = "t", limits, realm } = choice;
  const stages = (["decode", "validate", "transform"] as const).filter((stage) => texts[stage] !== undefined);
  const prepared = await prepareTemplate({
    orgId,
    templateId,
    templateVersion: "1",
    files: stages.map((stage) => ({ file: `${stage}.js`, text: texts[stage] as string, stages: [stage] })),
    dialect: "millrace",
    eva: [],
    limits: { stageCpuMs: 100, memoryBytes: 64 * 2 ** 20, outputBytes: 2 ** 20, ...limits },
    sourceLimitBytes: 2 ** 20,
  });
  if (prepared.kind === "broken") throw new Error(JSON.stringify(prepared.findings));
  const { runnable } = prepared;
  if (realm === undefined) return runnable;
  return { ...runnable, realm, fingerprint: `${runnable.fingerprint} ${realm}` };
}

/** An event with a JSON payload; the same number gives the same event. */
export function eventOf(number: number, payload: unknown, more: Partial<SandboxEvent> = {}): SandboxEvent {
  const timeMs = Date.UTC(2025, 2, 1) + number;
  return {
    eventId: `e${number}`,
    assetId: `asset-${number % 7}`,
    timeMs,
    ingestedMs: timeMs + 40,
    payloadKind: "json",
    headersJson: "{}",
    attributesJson: "{}",
    payload: Buffer.from(JSON.stringify(payload)),
    debug: "off",
    ...more,
  };
}

/** Results as texts that are equal where the bytes are. */
export function textsOf(results: readonly SandboxResult[]): string[] {
  return results.map((result) => {
    if (result.kind !== "standard") return JSON.stringify(result);
    const values = result.values.map((value) => Buffer.from(value).toString("utf8")).join(" | ");
    return `${result.shape} ${values}${result.console === undefined ? "" : JSON.stringify(result.console)}`;
  });
}

/** `data.v` of one result. */
export function shownBy(result: SandboxResult | undefined): unknown {
  const [value] = result?.kind === "standard" ? result.values : [];
  if (value === undefined) throw new Error(`no standard event: ${JSON.stringify(result)}`);
  return (JSON.parse(Buffer.from(value).toString("utf8")) as { data: { v: unknown } }).data.v;
}
