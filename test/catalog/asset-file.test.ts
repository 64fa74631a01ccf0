import { expect, test } from "vitest";
import { linesOf, open, withGood } from "./catalog-tree.ts";

const asset = (assetId: string) => ({ assetId, templateId: "good" });

test("assets.ndjson holds one asset to a line; empty lines, CRLF and a byte order mark are fine", async () => {
  const lines = [`\ufeff${JSON.stringify(asset("a"))}`, "", JSON.stringify(asset("b")), "  "];
  const catalog = await open(withGood({ "acme/assets.ndjson": lines.join("\r\n") }));
  expect(linesOf(catalog)).toEqual([]);
  expect([...catalog.orgs.get("acme")!.assets.keys()]).toEqual(["a", "b"]);
});

test("an id that stands twice is an error at its second place, and the first entry counts", async () => {
  const text = '[{"assetId":"a","templateId":"good"},\n {"assetId":"b"},\n {"assetId":"a"}]';
  const catalog = await open(withGood({ "acme/assets.json": text }));
  expect(linesOf(catalog)).toEqual([
    'error DUPLICATE_ASSET acme/assets.json:3:13 the asset id "a" stands twice; the first entry counts',
  ]);
  expect(catalog.view.asset("acme", "a")?.templateId).toBe("good");
});

test("an entry that is wrong is left out, and costs the others nothing", async () => {
  const text = [
    "[",
    '{"assetId":"a","template":"good"},',
    '{"assetId":" b"},',
    '{"assetId":"c","attributes":[]},',
    "7,",
    '{"assetId":"d","templateId":"-"},',
    '{"assetId":"e"}',
    "]",
  ].join("\n");
  const catalog = await open(withGood({ "acme/assets.json": text }));
  expect(linesOf(catalog)).toEqual([
    'error UNKNOWN_KEY acme/assets.json:2:16 at /0: unknown key "template"; did you mean "templateId"?',
    'error BAD_ID acme/assets.json:3:12 at /1/assetId: " b" begins or ends with white space',
    "error BAD_VALUE acme/assets.json:4:29 at /2/attributes: an array is not an object",
    "error BAD_VALUE acme/assets.json:5:1 at /3: 7 is not an object",
    'error BAD_ID acme/assets.json:6:29 at /4/templateId: "-" must begin with a letter or a digit (A-Z, a-z, 0-9)',
  ]);
  expect([...catalog.orgs.get("acme")!.assets.keys()]).toEqual(["e"]);
});

test("a bad line of assets.ndjson is named by its line, and costs the others nothing", async () => {
  const text = [
    '{"assetId":"a"}',
    '{"assetId":"b",}',
    '{"assetId":"c","debug":true}',
    '{"assetId":"a"}',
    '{"assetId":"d"}',
  ].join("\n");
  const catalog = await open(withGood({ "acme/assets.ndjson": text }));
  expect(linesOf(catalog)).toEqual([
    "error NOT_JSON acme/assets.ndjson:2:16 not valid JSON: expected double-quoted property name",
    'error UNKNOWN_KEY acme/assets.ndjson:3:16 unknown key "debug"; allowed are assetId, templateId, debugEnabled, attributes',
    'error DUPLICATE_ASSET acme/assets.ndjson:4:12 the asset id "a" stands twice; the first entry counts',
  ]);
  expect([...catalog.orgs.get("acme")!.assets.keys()]).toEqual(["a", "d"]);
});

test("assets bound to a template that is not there are one warning a template; a broken one is there", async () => {
  const catalog = await open(
    withGood({
      "acme/templates/broken/template.json": "{}",
      "acme/assets.json": [
        asset("a"),
        { assetId: "b", templateId: "gone" },
        { assetId: "c", templateId: "gone" },
        { assetId: "d", templateId: "Good" },
        { assetId: "e", templateId: "broken" },
      ],
    }),
  );
  expect(linesOf(catalog).filter((line) => line.startsWith("warning"))).toEqual([
    'warning UNKNOWN_TEMPLATE acme/assets.json the asset "b" and 1 more are bound to the template "gone", which the org does not have',
    'warning UNKNOWN_TEMPLATE acme/assets.json the asset "d" is bound to the template "Good", which the org does not have',
  ]);
});

test("a file of many wrong entries ends in their number", async () => {
  const catalog = await open(withGood({ "acme/assets.json": Array.from({ length: 5000 }, () => ({})) }));
  const lines = linesOf(catalog);
  expect(lines.length).toBe(101);
  expect(lines.at(-1)).toBe("error BAD_VALUE acme/assets.json and 4900 more errors in this file");
});

test("attributes that are nested deeper than can be written are an error", async () => {
  const depth = 100_000;
  const text = `[{"assetId":"a","attributes":{"x":${"[".repeat(depth)}${"]".repeat(depth)}}},{"assetId":"b"}]`;
  const catalog = await open(withGood({ "acme/assets.json": text }));
  expect(linesOf(catalog)).toEqual([
    expect.stringMatching(/^error BAD_VALUE acme\/assets\.json.* at \/0\/attributes: nested too deeply$/),
  ]);
  expect([...catalog.orgs.get("acme")!.assets.keys()]).toEqual(["b"]);
});

test("200,000 assets are read in seconds", async () => {
  const many = Array.from({ length: 200_000 }, (_, index) => ({
    ...asset(`device-${index}`),
    attributes: { fPort: 1 },
  }));
  const tree = withGood({ "acme/assets.json": many });
  const startMs = performance.now();
  const catalog = await open(tree);
  expect(performance.now() - startMs).toBeLessThan(15_000);
  expect(catalog.findings).toEqual([]);
  expect(catalog.view.asset("acme", "device-199999")?.attributesJson).toBe('{"fPort":1}');
});
