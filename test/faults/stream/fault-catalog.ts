import type { Random } from "../../../src/fleet/random.ts";

/** An event to be sent, with what must become of it in the words of the audit. */
export interface SentEvent {
  readonly eventId: string;
  readonly assetId: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly expect: string;
}

const template = (more: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ version: "3", transform: "transform.js", ...more })}\n`;

const assetsOf = { one: 12, many: 4, picky: 6, slow: 3 };
const assets = Object.entries(assetsOf).flatMap(([templateId, count]) =>
  Array.from({ length: count }, (_none, n) => ({ assetId: `${templateId}-${n}`, templateId })),
);

/** Templates of all outcomes. Each repeats in its events as what its event was sent, so that mix-ups show. */
export const faultCatalog: Readonly<Record<string, string>> = {
  "acme/assets.json": `${JSON.stringify(assets)}\n`,
  "acme/templates/one/template.json": template({ decode: "decode.js" }),
  "acme/templates/one/decode.js":
    "function decode(payload) { return { sentAs: payload.id, n: payload.n }; }\n",
  "acme/templates/one/transform.js":
    'function transform(value) { return { eventType: "one", data: value }; }\n',
  "acme/templates/many/template.json": template({}),
  "acme/templates/many/transform.js": [
    "function transform({ id, parts }) {",
    '  return Array.from({ length: parts }, (_, part) => ({ eventType: "part", data: { sentAs: id, part } }));',
    "}",
    "",
  ].join("\n"),
  "acme/templates/picky/template.json": template({ validate: "validate.js" }),
  "acme/templates/picky/validate.js":
    'function validate(value) { return value.good ? true : { valid: false, errors: ["no good"] }; }\n',
  "acme/templates/picky/transform.js":
    'function transform(value) { if (value.broken) throw new Error("broken"); return []; }\n',
  "acme/templates/slow/template.json": template({ limits: { stageCpuMs: 30 } }),
  "acme/templates/slow/transform.js": [
    "function transform({ id, rounds }) {",
    "  let sum = 0;",
    "  for (let round = 0; round < rounds; round += 1) sum = (sum * 31 + round) % 1000003;",
    '  return { eventType: "slow", data: { sentAs: id, sum } };',
    "}",
    "",
  ].join("\n"),
};

/** How often events come whose script never ends: each costs an executor some tenths of a second. */
const endlessChance = 1 / 4_000;

/** Makes events of all outcomes, each with an id of its own. */
export function createEvents(random: Random, prefix: string): () => SentEvent {
  let number = 0;
  return () => {
    number += 1;
    const id = `${prefix}-${number}`;
    const make = (
      templateId: keyof typeof assetsOf,
      expect: string,
      payload: Record<string, unknown>,
    ): SentEvent => ({
      eventId: id,
      assetId: `${templateId}-${random.integer(0, assetsOf[templateId] - 1)}`,
      payload: { id, ...payload },
      expect,
    });
    if (random.chance(endlessChance)) return make("slow", "rejected timeout", { rounds: 1e15 });
    const dice = random.next();
    if (dice < 0.6) return make("one", "standard", { n: number });
    if (dice < 0.75) {
      const parts = random.integer(1, 5);
      return make("many", `many ${parts}`, { parts });
    }
    if (dice < 0.83) return make("picky", "filtered", { good: true });
    if (dice < 0.91) return make("picky", "rejected validation", { good: false });
    if (dice < 0.97) return make("picky", "rejected runtime", { good: true, broken: true });
    return make("slow", "standard", { rounds: 100_000 });
  };
}

/** The event as a line of NDJSON. */
export function lineOf({ eventId, assetId, payload, expect }: SentEvent): string {
  return `${JSON.stringify({ orgId: "acme", assetId, eventId, payload, headers: { expect } })}\n`;
}
