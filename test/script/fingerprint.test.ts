import { expect, test } from "vitest";
import { fingerprintOf, type FingerprintedTemplate } from "../../src/script/fingerprint.ts";
import { definitionOf, fileOf, prepareText } from "./prepare.ts";
import { prepareTemplate } from "../../src/script/prepare-template.ts";

const template: FingerprintedTemplate = {
  orgId: "acme",
  templateId: "t",
  templateVersion: "1",
  files: [{ file: "decode.js", code: "function decode() {}", stages: ["decode"] }],
  realm: "sealed",
  dialect: "auto",
  eva: [{ name: "t", type: "number", path: "$.data.t" }],
  limits: { stageCpuMs: 100, memoryBytes: 1, outputBytes: 2 },
  contentType: undefined,
};
const [file] = template.files;

test("equal templates have equal fingerprints of 64 hexadecimal digits", () => {
  expect(fingerprintOf(template)).toBe(fingerprintOf(structuredClone(template)));
  expect(fingerprintOf(template)).toMatch(/^[0-9a-f]{64}$/);
});

test.each<[string, Partial<FingerprintedTemplate>]>([
  ["the org", { orgId: "other" }],
  ["the template", { templateId: "other" }],
  ["the version", { templateVersion: "2" }],
  ["the code", { files: [{ ...file!, code: "function decode() { }" }] }],
  ["a file's name", { files: [{ ...file!, file: "d.js" }] }],
  ["the stages", { files: [{ ...file!, stages: ["decode", "validate"] }] }],
  ["a source map", { files: [{ ...file!, sourceMap: "{}" }] }],
  ["the realm", { realm: "fresh" }],
  ["the dialect", { dialect: "lorawan" }],
  ["an EVA field", { eva: [] }],
  ["the CPU limit", { limits: { ...template.limits, stageCpuMs: 99 } }],
  ["the memory limit", { limits: { ...template.limits, memoryBytes: 3 } }],
  ["the output limit", { limits: { ...template.limits, outputBytes: 3 } }],
  ["the content type", { contentType: "text/csv" }],
])("%s changes it", (_name, change) => {
  expect(fingerprintOf({ ...template, ...change })).not.toBe(fingerprintOf(template));
});

test("the engine changes it, and text that moves from one field to the next", () => {
  expect(fingerprintOf(template, "v8 1")).not.toBe(fingerprintOf(template, "v8 2"));
  const [ab, a] = [
    { ...template, orgId: "ab", templateId: "c" },
    { ...template, orgId: "a", templateId: "bc" },
  ];
  expect(fingerprintOf(ab)).not.toBe(fingerprintOf(a));
});

test("a prepared template carries it", async () => {
  const one = await prepareTemplate(definitionOf("function decode() {}"));
  const two = await prepareTemplate(definitionOf("function decode() {}", { contentType: "text/csv" }));
  if (one.kind === "broken" || two.kind === "broken") throw new Error("broken");
  expect(one.runnable.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(two.runnable.fingerprint).not.toBe(one.runnable.fingerprint);
  expect(fileOf(await prepareText("function decode() {}")).code).toBe("function decode() {}");
});
