import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tokenizer } from "acorn";
import { describe, expect, it } from "vitest";
import type { AssetEntry } from "../../src/model/contract.ts";
import { checkAssetEntry, checkCases, checkRawEventLine, checkTemplate } from "../../src/model/validators.ts";
import { catalogDirectory, loadCatalog } from "./plain-realm.ts";

const templates = loadCatalog();
const orgs = readdirSync(catalogDirectory);

function readAssets(orgId: string): AssetEntry[] {
  return JSON.parse(readFileSync(join(catalogDirectory, orgId, "assets.json"), "utf8")) as AssetEntry[];
}

it("shows all five EVA types", () => {
  const shown = new Set(templates.flatMap(({ file }) => (file.eva ?? []).map(({ type }) => type)));
  expect(shown).toEqual(new Set(["number", "string", "bool", "date", "geo"]));
});

it("has a file of raw events with the outcomes that the README counts", () => {
  const byId = new Map(templates.map((template) => [`${template.orgId}/${template.templateId}`, template]));
  const bound = new Map(
    orgs.flatMap((orgId) =>
      readAssets(orgId).map(
        ({ assetId, templateId }) => [`${orgId}/${assetId}`, `${orgId}/${templateId}`] as const,
      ),
    ),
  );
  const lines = readFileSync(join(catalogDirectory, "../events.ndjson"), "utf8").trimEnd().split("\n");
  const counts: Record<string, number> = {};
  for (const text of lines) {
    const checked = checkRawEventLine(JSON.parse(text));
    if (checked.kind === "invalid") throw new Error(checked.message);
    const template = byId.get(bound.get(`${checked.value.orgId}/${checked.value.assetId}`) ?? "");
    const outcome = template?.run(checked.value).outcome ?? "rejected";
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  expect(counts).toEqual({ standard: 12, filtered: 2, rejected: 6 });
  const readme = readFileSync(join(catalogDirectory, "../README.md"), "utf8");
  expect(readme).toContain("# 12 standard, 2 filtered, 6 rejected");
  expect(readme).toContain(`three orgs, eleven templates, ${bound.size} assets`);
  for (const { templateId } of templates) expect(readme).toContain(`\`${templateId}\``);
});

describe.each(orgs)("org %s", (orgId) => {
  const assets = readAssets(orgId);

  it("has 10 to 20 assets that follow the schema, no id twice, each bound to a template of the org", () => {
    expect(assets.length).toBeGreaterThanOrEqual(10);
    expect(assets.length).toBeLessThanOrEqual(20);
    expect(new Set(assets.map(({ assetId }) => assetId)).size).toBe(assets.length);
    for (const asset of assets) expect(checkAssetEntry(asset).kind).toBe("valid");
    const own = new Set(
      templates.filter((template) => template.orgId === orgId).map(({ templateId }) => templateId),
    );
    expect(new Set(assets.map(({ templateId }) => templateId))).toEqual(own);
  });

  it("gives its assets only attributes that their template's scripts read", () => {
    for (const { assetId, templateId, attributes } of assets) {
      const { sources } = templates.find(
        (template) => template.orgId === orgId && template.templateId === templateId,
      )!;
      const text = sources.map(({ script }) => script).join("\n");
      for (const name of Object.keys(attributes ?? {}))
        expect(text, `${name} of ${assetId}`).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});

describe.each(templates)("template $orgId/$templateId", ({ orgId, templateId, file, sources }) => {
  it("has a template.json and cases that follow their schemas", () => {
    expect(checkTemplate(file)).toMatchObject({ kind: "valid" });
    const directory = join(catalogDirectory, orgId, "templates", templateId, "cases");
    for (const name of readdirSync(directory)) {
      expect(checkCases(JSON.parse(readFileSync(join(directory, name), "utf8")))).toMatchObject({
        kind: "valid",
      });
    }
  });

  it("is synchronous and deterministic, and leaves the realm's globals alone", () => {
    const refused = new Set([
      "this",
      "globalThis",
      "async",
      "await",
      "Promise",
      "require",
      "module",
      "process",
      "Math.random",
      "Date.now",
    ]);
    for (const { script } of sources) {
      const words = [...tokenizer(script, { ecmaVersion: 2023 })].map(
        (token) => token.type.keyword ?? script.slice(token.start, token.end),
      );
      expect(words.filter((word) => refused.has(word))).toEqual([]);
      expect(script).not.toMatch(/Math\.random|Date\.now|new Date\(\)|\.prototype/);
    }
  });
});
