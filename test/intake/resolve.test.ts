import { describe, expect, it } from "vitest";
import type { RawEvent } from "../../src/model/raw-event.ts";
import { rejectionCodes } from "../../src/model/contract.ts";
import { readLine } from "../../src/intake/ndjson-line.ts";
import { resolveEvent } from "../../src/intake/resolve.ts";
import type { CatalogAsset, CatalogTemplate, CatalogView } from "../../src/intake/resolve.ts";
import type { RunnableTemplate } from "../../src/sandbox/port.ts";

function runnable(orgId: string, templateId: string): RunnableTemplate {
  return {
    orgId,
    templateId,
    templateVersion: "1",
    fingerprint: `${orgId}/${templateId}`,
    files: [],
    realm: "sealed",
    dialect: "auto",
    eva: [],
    limits: { stageCpuMs: 100, memoryBytes: 1 << 26, outputBytes: 1 << 20 },
  };
}

const broken = {
  stage: "decode",
  type: "syntax",
  code: "SYNTAX_ERROR",
  message: "Unexpected token",
  location: { file: "decode.js", line: 3, column: 1 },
} as const;

interface OrgEntries {
  readonly assets: readonly CatalogAsset[];
  readonly templates: Readonly<Record<string, CatalogTemplate>>;
}

const orgs: Readonly<Record<string, OrgEntries>> = {
  acme: {
    assets: [
      { assetId: "bound", templateId: "gate", debug: "off", attributesJson: "{}" },
      { assetId: "unbound", debug: "off", attributesJson: '{"a":1}' },
      { assetId: "astray", templateId: "gone", debug: "off", attributesJson: "{}" },
      { assetId: "cracked", templateId: "broken", debug: "off", attributesJson: "{}" },
      { assetId: "narrow", templateId: "narrow", debug: "off", attributesJson: "{}" },
    ],
    templates: {
      gate: { kind: "runnable", runnable: runnable("acme", "gate"), contentType: "application/json" },
      other: { kind: "runnable", runnable: runnable("acme", "other") },
      narrow: { kind: "runnable", runnable: runnable("acme", "narrow"), payloadBytes: 4 },
      broken: { kind: "broken", templateId: "broken", templateVersion: "2", fault: broken },
    },
  },
  globex: { assets: [], templates: { secret: { kind: "runnable", runnable: runnable("globex", "secret") } } },
};

const catalog: CatalogView = {
  org: (orgId) => (Object.hasOwn(orgs, orgId) ? { orgId } : undefined),
  asset: (orgId, assetId) => orgs[orgId]?.assets.find((asset) => asset.assetId === assetId),
  template: (orgId, templateId) => orgs[orgId]?.templates[templateId],
};

function resolve(members: object) {
  const line = Buffer.from(JSON.stringify({ orgId: "acme", payloadHex: "0102030405", ...members }));
  const event = readLine(line, { line: 1, nowMs: 0, limits: { payloadBytes: 100 } }) as RawEvent;
  const resolution = resolveEvent(event, catalog);
  if (resolution.kind === "fault") {
    const { code, type, stage } = resolution.fault;
    expect(rejectionCodes[code].type).toBe(type);
    expect(rejectionCodes[code].stages).toContain(stage);
  }
  return resolution;
}

describe("the template of an event", () => {
  it("is the one that the asset is bound to, whatever the event names", () => {
    for (const members of [
      { assetId: "bound" },
      { assetId: "bound", templateId: "other" },
      { assetId: "bound", templateId: "nowhere" },
    ]) {
      expect(resolve(members)).toMatchObject({
        kind: "resolved",
        template: { orgId: "acme", templateId: "gate" },
        contentType: "application/json",
        asset: { assetId: "bound" },
      });
    }
  });

  it("is the one that the event names where the asset is unknown", () => {
    expect(resolve({ assetId: "stranger", templateId: "other" })).toEqual({
      kind: "resolved",
      template: runnable("acme", "other"),
      contentType: undefined,
      asset: undefined,
    });
  });

  it("is the one that the event names where the asset is unbound", () => {
    expect(resolve({ assetId: "unbound", templateId: "other" })).toMatchObject({
      kind: "resolved",
      template: { templateId: "other" },
      asset: { assetId: "unbound", attributesJson: '{"a":1}' },
    });
  });

  it("with neither binding nor name is envelope/UNKNOWN_ASSET", () => {
    expect(resolve({ assetId: "stranger" })).toEqual({
      kind: "fault",
      fault: {
        stage: "intake",
        type: "envelope",
        code: "UNKNOWN_ASSET",
        message: 'asset "stranger" is not in the catalog of org "acme", and the event names no template',
      },
      orgId: "acme",
    });
    expect(resolve({ assetId: "unbound" })).toMatchObject({
      fault: {
        code: "UNKNOWN_ASSET",
        message: 'asset "unbound" is bound to no template, and the event names no template',
      },
    });
  });

  it("that the org does not have is envelope/UNKNOWN_TEMPLATE, also where another org has it", () => {
    expect(resolve({ assetId: "astray" })).toMatchObject({
      fault: { type: "envelope", code: "UNKNOWN_TEMPLATE" },
      orgId: "acme",
      templateId: "gone",
    });
    expect(resolve({ assetId: "stranger", templateId: "secret" })).toMatchObject({
      fault: { code: "UNKNOWN_TEMPLATE" },
      templateId: "secret",
    });
  });

  it("is compared by case", () => {
    expect(resolve({ assetId: "stranger", templateId: "Other" })).toMatchObject({
      fault: { code: "UNKNOWN_TEMPLATE" },
    });
    expect(resolve({ assetId: "Bound" })).toMatchObject({ fault: { code: "UNKNOWN_ASSET" } });
    expect(resolve({ orgId: "Acme", assetId: "bound" })).toMatchObject({ fault: { code: "UNKNOWN_ORG" } });
  });

  it("that is broken costs its own events only, and each says where it is broken", () => {
    expect(resolve({ assetId: "cracked" })).toEqual({
      kind: "fault",
      fault: broken,
      orgId: "acme",
      templateId: "broken",
      templateVersion: "2",
    });
  });

  it("may narrow the size of payloads", () => {
    expect(resolve({ assetId: "narrow" })).toEqual({
      kind: "fault",
      fault: {
        stage: "intake",
        type: "envelope",
        code: "PAYLOAD_TOO_LARGE",
        message: "the payload has 5 bytes and its template takes at most 4",
      },
      orgId: "acme",
      templateId: "narrow",
      templateVersion: "1",
    });
    expect(resolve({ assetId: "narrow", payloadHex: "01020304" })).toMatchObject({ kind: "resolved" });
  });
});

describe("an org that the catalog does not have", () => {
  it("is envelope/UNKNOWN_ORG, and the rejection has orgId null", () => {
    expect(resolve({ orgId: "initech", assetId: "bound", templateId: "gate" })).toEqual({
      kind: "fault",
      fault: {
        stage: "intake",
        type: "envelope",
        code: "UNKNOWN_ORG",
        message: 'org "initech" is not in the catalog',
      },
      orgId: null,
    });
  });
});
