import { expect, it } from "vitest";
import { admit } from "../../src/intake/admit.ts";
import type { CatalogView } from "../../src/intake/resolve.ts";
import type { RunnableTemplate } from "../../src/sandbox/port.ts";
import { readAny, type SmallRecord } from "./log-record-reading.ts";

const runnable: RunnableTemplate = {
  orgId: "acme",
  templateId: "gate",
  templateVersion: "1",
  fingerprint: "f",
  files: [],
  realm: "sealed",
  dialect: "auto",
  eva: [],
  limits: { stageCpuMs: 100, memoryBytes: 1 << 26, outputBytes: 1 << 20 },
};
const catalog: CatalogView = {
  org: (orgId) => (orgId === "acme" ? { orgId } : undefined),
  asset: (_, assetId) => ({ assetId, templateId: "gate", debug: "off", attributesJson: "{}" }),
  template: () => ({ kind: "runnable", runnable, payloadBytes: 4 }),
};
const admitRecord = (record: SmallRecord) => admit(readAny(record), catalog, { debug: "off" });

it("a record that is refused names its org only where the catalog has it", () => {
  const refused = { kind: "refused", assetId: "a", templateId: null, templateVersion: null };
  for (const [orgId, stated] of [
    ["acme", "acme"],
    ["nobody", null],
    ["a b", null],
  ]) {
    const headers = { org: orgId!, asset: "a", time: "x" };
    expect(admitRecord({ headers })).toMatchObject({ ...refused, orgId: stated });
  }
});

it("an event that came in a CloudEvent runs with the data, which is what the template's limit counts", () => {
  const cloudEvent = (base64: string): SmallRecord => ({
    headers: { org: "acme", asset: "a", "content-type": "application/cloudevents+json" },
    payload: JSON.stringify({ data_base64: base64 }),
  });
  expect(admitRecord(cloudEvent("AAECAw=="))).toMatchObject({
    kind: "runnable",
    event: { payload: Buffer.from([0, 1, 2, 3]), payloadKind: "bytes" },
    record: { payload: Buffer.from('{"data_base64":"AAECAw=="}') },
  });
  expect(admitRecord(cloudEvent("AAECAwQ="))).toMatchObject({
    kind: "refused",
    fault: { code: "PAYLOAD_TOO_LARGE" },
  });
});
