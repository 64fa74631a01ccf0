import type { RunnableTemplate } from "../../src/sandbox/port.ts";
import { prepareTemplate, type PreparedTemplate } from "../../src/script/prepare-template.ts";
import { scriptStages } from "../../src/model/stage.ts";
import type { HostileScript } from "./script-file.ts";

export const innocentOrg = "innocent";
export const hostileOrg = "mallory";

/** An innocent org's template: its events show whatever another one could have left or changed. */
const innocentText = `
const secret = "the innocent's own";
function decode(payload, metadata) {
  return { n: payload.n, text: Buffer.from(JSON.stringify(payload)).toString("base64"), asset: metadata.assetId };
}
function validate(value) {
  if (value.n % 11 === 7) throw new RangeError("seven");
  return true;
}
function transform(value, metadata) {
  if (value.n % 11 === 8) return [];
  const left = [typeof leaked, RegExp.$1, RegExp.input, [].polluted, ({}).polluted, "".polluted];
  for (const key in {}) left.push(key);
  for (const key in []) left.push(key);
  /(innocent)/.exec(secret);
  leaked = secret;
  const data = { ...value, left, random: Math.random(), now: new Date().toISOString(), at: metadata.time };
  return { eventType: "seen", data };
}`;

/** What a hostile template does with an event that carries no attack: it shows what the attack left behind. */
const calmText = `
function calm(p) {
  const left = [typeof leaked, RegExp.$1, RegExp.input, [].polluted, ({}).polluted, "".polluted];
  for (const key in {}) left.push(key);
  for (const key in []) left.push(key);
  return { eventType: "calm", data: { n: p.n, left, random: Math.random(), now: new Date().toISOString() } };
}`;

const limits = { memoryBytes: 16 * 2 ** 20, outputBytes: 2 ** 20 };

export async function innocentTemplate(): Promise<RunnableTemplate> {
  const prepared = await prepareTemplate({
    orgId: innocentOrg,
    templateId: "t",
    templateVersion: "1",
    files: [{ file: "innocent.js", text: innocentText, stages: scriptStages }],
    dialect: "millrace",
    eva: [],
    limits: { ...limits, stageCpuMs: 100 },
    sourceLimitBytes: 2 ** 20,
  });
  if (prepared.kind === "broken") throw new Error(JSON.stringify(prepared.findings));
  return prepared.runnable;
}

/**
 * A hostile script as a template of an org of its own. The file may bring its stages itself; where it only has a
 * function `attack`, the stage that its header names calls it for events that say so, and shows the others as they are.
 */
export function hostileTemplate(
  script: HostileScript,
  realm: "chosen" | "fresh" = "chosen",
): Promise<PreparedTemplate> {
  const { name, at, stageCpuMs, dialect } = script;
  const text = withStages(script);
  const stages = scriptStages.filter(
    (stage) => stage === "transform" || stage === at || hasStage(text, stage),
  );
  return prepareTemplate({
    orgId: hostileOrg,
    templateId: name,
    templateVersion: "1",
    files: [
      { file: `${name}.js`, text: realm === "fresh" ? `${text}\n;if (0) Math.never = 0;` : text, stages },
    ],
    dialect,
    eva: [],
    limits: { ...limits, stageCpuMs },
    sourceLimitBytes: 2 ** 20,
  });
}

/** What is added stands behind the author's lines, so that places in his file stay what they are. */
function withStages({ text, at }: HostileScript): string {
  let whole = text + calmText;
  if (/\bfunction attack\b/.test(text)) {
    const otherwise = at === "transform" ? "calm(p)" : at === "validate" ? "true" : "p";
    whole += `\nfunction ${at}(p, metadata) { return p.attack ? attack(p, metadata) : ${otherwise}; }`;
  }
  return hasStage(whole, "transform") ? whole : `${whole}\nfunction transform(p) { return calm(p); }`;
}

function hasStage(text: string, stage: string): boolean {
  const codec = stage === "decode" ? "|decodeUplink|Decoder|Decode" : "";
  return new RegExp(`\\bfunction (?:${stage}${codec})\\b|exports\\.${stage}\\b`).test(text);
}
