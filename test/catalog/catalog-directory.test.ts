import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openCatalogDirectory } from "../../src/catalog/catalog-directory.ts";
import { deployment, directoryOf, linesOf, open, withGood, type Tree } from "./catalog-tree.ts";

const examples = join(import.meta.dirname, "../../examples/catalog");
const template = "acme/templates/t/template.json";
const script = "acme/templates/t/decode.js";

/** The catalog of `withGood` with a template `t`, whose good neighbour must stay in use whatever `t` is. */
async function openBeside(tree: Tree) {
  const catalog = await open(withGood(tree));
  expect(catalog.view.template("acme", "good")?.kind).toBe("runnable");
  return catalog;
}

describe("a catalog", () => {
  test("gives orgs, assets and templates by their ids", async () => {
    const { view, findings } = await open({
      "acme/org.json": {},
      "acme/assets.json": [
        { assetId: "a 1", templateId: "t", debugEnabled: true, attributes: { fPort: 2, site: "ü" } },
        { assetId: "b" },
      ],
      [template]: { version: "v3", decode: "decode.js", contentType: "text/csv", dialect: "lorawan" },
      [script]: "function Decoder(b) { return b }",
      "other/assets.json": [{ assetId: "c" }],
    });
    expect(findings).toEqual([]);
    expect(view.org("acme")).toMatchObject({ orgId: "acme" });
    expect(view.asset("acme", "a 1")).toEqual({
      assetId: "a 1",
      templateId: "t",
      debug: "on",
      attributesJson: '{"fPort":2,"site":"ü"}',
    });
    expect(view.asset("acme", "b")).toEqual({ assetId: "b", debug: "off", attributesJson: "{}" });
    expect(view.template("acme", "t")).toMatchObject({
      kind: "runnable",
      contentType: "text/csv",
      runnable: {
        orgId: "acme",
        templateId: "t",
        templateVersion: "v3",
        dialect: "lorawan",
        realm: "sealed",
        files: [{ file: "decode.js", code: "function Decoder(b) { return b }", stages: ["decode"] }],
      },
    });
  });

  test("gives nothing for ids that it does not have, that differ by case, or that are another org's", async () => {
    const { view } = await open(withGood({ "other/assets.json": [{ assetId: "c" }] }));
    expect(view.org("Acme")).toBeUndefined();
    expect(view.org("__proto__")).toBeUndefined();
    expect(view.asset("acme", "c")).toBeUndefined();
    expect(view.asset("other", "C")).toBeUndefined();
    expect(view.asset("other", "constructor")).toBeUndefined();
    expect(view.template("acme", "Good")).toBeUndefined();
    expect(view.template("other", "good")).toBeUndefined();
  });

  test("ignores stray files and what begins with a dot", async () => {
    const catalog = await openBeside({
      "README.md": "# A catalog",
      ".git/config": "",
      "acme/README.md": "",
      "acme/notes.json": "not JSON",
      "acme/templates/README.md": "",
      "acme/templates/.cache/template.json": "{",
      "acme/templates/good/notes.txt": "",
    });
    expect(linesOf(catalog)).toEqual([]);
    expect([...catalog.orgs.keys()]).toEqual(["acme"]);
    expect([...catalog.orgs.get("acme")!.templates.keys()]).toEqual(["good"]);
  });

  test("that does not exist, or is a file, is an error of its own", async () => {
    const directory = await directoryOf({ file: "x" });
    await expect(openCatalogDirectory(join(directory, "none"), deployment)).rejects.toMatchObject({
      code: "CATALOG",
      message: `the catalog ${directory}/none does not exist`,
    });
    await expect(openCatalogDirectory(join(directory, "file"), deployment)).rejects.toMatchObject({
      code: "CATALOG",
      message: `the catalog ${directory}/file is not a directory`,
    });
  });

  test("without an org is probably the wrong directory", async () => {
    expect(linesOf(await open({ "README.md": "", "docs/a.md": "" }))).toEqual([
      "warning NO_ORG docs docs is not taken for an org: it has no templates/, assets.json, assets.ndjson or org.json",
      expect.stringMatching(
        /^warning NO_ORG \/\S+ the catalog has no org: an org is a directory in it, with/,
      ),
    ]);
  });

  test("follows links to directories", async () => {
    const elsewhere = await directoryOf({
      "template.json": { version: "1", decode: "decode.js" },
      "decode.js": "function decode() {}",
    });
    const directory = await directoryOf({ "acme/org.json": {} });
    await mkdir(join(directory, "acme/templates"));
    await symlink(elsewhere, join(directory, "acme/templates/linked"));
    const { view, findings } = await openCatalogDirectory(directory, deployment);
    expect(findings).toEqual([]);
    expect(view.template("acme", "linked")?.kind).toBe("runnable");
  });
});

test("a file in the place of a directory is an error", async () => {
  const catalog = await open({ "acme/templates": "x", "other/assets.json": [] });
  expect(linesOf(catalog)).toEqual(["error UNREADABLE_FILE acme/templates templates is not a directory"]);
  expect(catalog.view.org("acme")).toBeDefined();
});

describe("names of directories", () => {
  test("that are no ids are errors, and nothing in them is in use", async () => {
    const catalog = await openBeside({
      "my org/org.json": {},
      "dotted.org/org.json": {},
      "acme/templates/-t/template.json": { version: "1" },
      [`acme/templates/${"x".repeat(64)}/template.json`]: { version: "1" },
    });
    expect(linesOf(catalog)).toEqual([
      'error BAD_ID dotted.org the directory "dotted.org" names an org, but its name may hold only letters and digits (A-Z, a-z, 0-9), "_" and "-"',
      'error BAD_ID my org the directory "my org" names an org, but its name may hold only letters and digits (A-Z, a-z, 0-9), "_" and "-"',
      'error BAD_ID acme/templates/-t the directory "-t" names a template, but its name must begin with a letter or a digit (A-Z, a-z, 0-9)',
      expect.stringContaining("its name is 64 characters long, at most 63 are allowed"),
    ]);
    expect(catalog.view.org("dotted.org")).toBeUndefined();
  });

  test("that differ only by case are two templates where the file system keeps them apart", async () => {
    const catalog = await openBeside({ "acme/templates/Good/template.json": { version: "2" } });
    // A file system that compares without case has put the second file into the first directory.
    const keepsApart = catalog.orgs.get("acme")!.templates.size === 2;
    expect(catalog.findings).toEqual([]);
    expect(catalog.view.template("acme", "Good")?.kind).toBe(keepsApart ? "runnable" : undefined);
  });
});

describe("a template that is wrong is broken, with a line and the fault of its events:", () => {
  /** The finding's line, and the fault. */
  async function brokenBy(tree: Tree): Promise<{ lines: string[]; fault: unknown; version: string }> {
    const catalog = await openBeside(tree);
    const found = catalog.view.template("acme", "t");
    if (found?.kind !== "broken") throw new Error("the template is not broken");
    expect(found.templateId).toBe("t");
    return { lines: linesOf(catalog), fault: found.fault, version: found.templateVersion };
  }

  function brokenAt(message: string, line?: number, column?: number) {
    const location = line === undefined ? {} : { location: { file: "template.json", line, column } };
    return { stage: "intake", type: "syntax", code: "TEMPLATE_BROKEN", message, ...location };
  }

  test("no template.json", async () => {
    expect(await brokenBy({ [script]: "" })).toEqual({
      lines: [
        "error MISSING_FILE acme/templates/t/template.json template.json is missing; it was looked for at acme/templates/t/template.json",
      ],
      fault: brokenAt("template.json is missing"),
      version: "unknown",
    });
  });

  test("a syntax error in its JSON", async () => {
    const { lines, fault } = await brokenBy({ [template]: '{\n  "version": "1",\n  "decode": decode.js\n}' });
    expect(lines).toEqual([
      "error NOT_JSON acme/templates/t/template.json:3:13 not valid JSON: unexpected token 'd'",
    ]);
    expect(fault).toEqual(brokenAt("template.json: not valid JSON: unexpected token 'd'", 3, 13));
  });

  test("an unknown key", async () => {
    const text = '{\n  "version": "1",\n  "decoder": "decode.js"\n}';
    expect(await brokenBy({ [template]: text, [script]: "function decode() {}" })).toEqual({
      lines: [
        'error UNKNOWN_KEY acme/templates/t/template.json:3:3 unknown key "decoder"; did you mean "decode"?',
      ],
      fault: brokenAt('template.json: unknown key "decoder"; did you mean "decode"?', 3, 3),
      version: "1",
    });
  });

  test("an unknown key that is near to none, deep inside", async () => {
    const { lines } = await brokenBy({ [template]: '{"version":"1","limits":{"stageCpuMs":5,"cores":2}}' });
    expect(lines).toEqual([
      'error UNKNOWN_KEY acme/templates/t/template.json:1:41 at /limits: unknown key "cores"; allowed are stageCpuMs, outputBytes, payloadBytes',
    ]);
  });

  test("a missing version, and one out of its grammar", async () => {
    expect((await brokenBy({ [template]: "{}" })).lines).toEqual([
      'error BAD_VALUE acme/templates/t/template.json:1:1 the key "version" is missing',
    ]);
    const { lines, version } = await brokenBy({ [template]: '{"version":"v 1"}' });
    expect(lines).toEqual([
      'error BAD_ID acme/templates/t/template.json:1:12 at /version: "v 1" may hold only letters and digits (A-Z, a-z, 0-9), ".", "_" and "-"',
    ]);
    expect(version).toBe("unknown");
  });

  test("a key twice", async () => {
    const { lines } = await brokenBy({ [template]: '{"version":"1",\n "decode":"a.js", "decode":"b.js"}' });
    expect(lines).toEqual([
      'error DUPLICATE_KEY acme/templates/t/template.json:2:19 the key "decode" stands twice in the same object',
    ]);
  });

  test("a script that is not there", async () => {
    expect(await brokenBy({ [template]: '{"version":"7",\n "decode":"src/decode.js"}' })).toEqual({
      lines: [
        "error MISSING_FILE acme/templates/t/template.json:2:11 src/decode.js is missing; it was looked for at acme/templates/t/src/decode.js",
      ],
      fault: brokenAt("src/decode.js is missing", 2, 11),
      version: "7",
    });
  });

  test("a directory in a script's place, and a script that is no UTF-8", async () => {
    const { lines } = await brokenBy({
      [template]: { version: "1", decode: "decode.js", validate: "v.js" },
      "acme/templates/t/decode.js/x": "",
      "acme/templates/t/v.js": Buffer.from([0x66, 0xff, 0xfe]),
    });
    expect(lines.map((line) => line.replace(/.*template\.json:\d+:\d+ /, ""))).toEqual([
      "decode.js is not a file",
      "v.js is not UTF-8 text",
    ]);
  });

  test.each(["../good/decode.js", "/etc/passwd", "a/../../good/decode.js", "..", "a\\b.js"])(
    "the path %j, which leads out of its directory",
    async (path) => {
      const { lines, fault } = await brokenBy({ [template]: JSON.stringify({ version: "1", decode: path }) });
      expect(lines).toEqual([
        `error BAD_PATH acme/templates/t/template.json:1:25 at /decode: ${JSON.stringify(path)} is not allowed, expected: a file within the template's directory: a relative path with \`/\`, not leading out of the directory`,
      ]);
      expect(fault).toMatchObject({ code: "TEMPLATE_BROKEN" });
    },
  );

  test("a link that leads out of its directory", async () => {
    const directory = await directoryOf(
      withGood({
        [template]: { version: "1", decode: "decode.js", validate: "in.js" },
        "acme/templates/t/sub/v.js": "function validate() {}",
      }),
    );
    await symlink(join(directory, "acme/templates/good/decode.js"), join(directory, script));
    await symlink("sub/v.js", join(directory, "acme/templates/t/in.js"));
    const catalog = await openCatalogDirectory(directory, deployment);
    expect(linesOf(catalog)).toEqual([
      "error BAD_PATH acme/templates/t/template.json:1:25 decode.js is a link that leads out of the template's directory",
    ]);
    expect(catalog.view.template("acme", "t")).toMatchObject({
      fault: brokenAt("decode.js is a link that leads out of the template's directory", 1, 25),
    });
  });

  test.skipIf(process.getuid?.() === 0)("a script that may not be read", async () => {
    const directory = await directoryOf({ [template]: { version: "1", decode: "decode.js" }, [script]: "" });
    await chmod(join(directory, script), 0);
    expect(linesOf(await openCatalogDirectory(directory, deployment))).toEqual([
      "error UNREADABLE_FILE acme/templates/t/template.json:1:25 decode.js may not be read by this user",
    ]);
  });

  test("a syntax error in a script, at its stage and place", async () => {
    expect(
      await brokenBy({ [template]: { version: "9", decode: "decode.js" }, [script]: "function decode( {\n" }),
    ).toEqual({
      lines: ["error SYNTAX_ERROR acme/templates/t/decode.js:2:1 unexpected end of the source"],
      fault: {
        stage: "decode",
        type: "syntax",
        code: "SYNTAX_ERROR",
        message: "unexpected end of the source",
        location: { file: "decode.js", line: 2, column: 1 },
      },
      version: "9",
    });
  });

  test("a script without an entry point, and one that is too large, at their stages", async () => {
    const missing = await brokenBy({
      [template]: { version: "1", transform: "lib/t.js" },
      "acme/templates/t/lib/t.js": "function transfrom() {}",
    });
    expect(missing.fault).toEqual({
      stage: "transform",
      type: "syntax",
      code: "NO_ENTRY_POINT",
      message: "there is no function transform in lib/t.js",
    });
    expect(missing.lines).toEqual([
      "error NO_ENTRY_POINT acme/templates/t/lib/t.js there is no function transform in lib/t.js",
    ]);
    const large = await brokenBy({
      [template]: { version: "1", validate: "v.js" },
      "acme/templates/t/v.js": "x".repeat(deployment.sourceBytes + 1),
    });
    expect(large.fault).toEqual({
      stage: "validate",
      type: "syntax",
      code: "SOURCE_TOO_LARGE",
      message: "the source is 1048577 bytes long, at most 1048576 are allowed (limits.sourceBytes)",
    });
  });

  test("a name of an EVA field twice", async () => {
    const field = { name: "t", type: "number", path: "$.data.t" };
    const { lines } = await brokenBy({
      [template]: { version: "1", eva: [field, { ...field, type: "string" }] },
    });
    expect(lines).toEqual([
      'error DUPLICATE_EVA_NAME acme/templates/t/template.json:1:78 at /eva/1/name: the EVA name "t" stands twice',
    ]);
  });

  test("a path of an EVA field that is none", async () => {
    const field = { name: "p", type: "geo", latPath: "$.data..lat", lonPath: "$.data.lon" };
    const { lines, fault } = await brokenBy({ [template]: { version: "1", eva: [field] } });
    expect(lines).toEqual([
      expect.stringMatching(
        /^error BAD_EVA_PATH acme\/templates\/t\/template\.json:1:58 at \/eva\/0\/latPath: "\$\.data\.\.lat" is no path of names and indexes: .+ \(character 8\)$/,
      ),
    ]);
    expect(fault).toMatchObject({ code: "TEMPLATE_BROKEN", location: { line: 1, column: 58 } });
  });

  test("memory limits, which only an org has", async () => {
    const { lines } = await brokenBy({ [template]: { version: "1", limits: { memoryMb: 32 } } });
    expect(lines).toEqual([expect.stringContaining('at /limits: unknown key "memoryMb"')]);
  });

  test("a stage file beside `source`", async () => {
    const { lines } = await brokenBy({ [template]: { version: "1", source: "t.ts", decode: "decode.js" } });
    expect(lines).toEqual([expect.stringContaining('at /decode: not allowed beside "source"')]);
  });
});

describe("a template's scripts", () => {
  test("may be one TypeScript file that exports the stages", async () => {
    const { view, findings } = await open({
      [template]: { version: "1", source: "template.ts" },
      "acme/templates/t/template.ts":
        "export function decode(p: Buffer) { return p }\nexport const transform = (v: unknown) => v;",
    });
    expect(findings).toEqual([]);
    expect(view.template("acme", "t")).toMatchObject({
      runnable: { files: [{ file: "template.ts", stages: ["decode", "transform"] }] },
    });
  });

  test("are one file where stages name the same, however they write it", async () => {
    const { view } = await open({
      [template]: { version: "1", decode: "lib/all.js", validate: "./lib/all.js", transform: "lib/./all.js" },
      "acme/templates/t/lib/all.js": "exports.decode = exports.validate = exports.transform = (x) => x",
    });
    expect(view.template("acme", "t")).toMatchObject({
      runnable: { files: [{ file: "lib/all.js", stages: ["decode", "validate", "transform"] }] },
    });
  });

  test("that could run faster are hints, and run", async () => {
    const catalog = await open({
      [template]: { version: "1", decode: "decode.js" },
      [script]: "function decode() { return this }",
    });
    expect(linesOf(catalog)).toEqual([
      expect.stringMatching(/^hint FRESH_REALM acme\/templates\/t\/decode\.js:1:28 `this`/),
    ]);
    expect(catalog.view.template("acme", "t")).toMatchObject({
      kind: "runnable",
      runnable: { realm: "fresh" },
    });
  });
});

describe("limits", () => {
  test("are the smallest of the configuration's, the org's and the template's", async () => {
    const { view, findings, orgs } = await open({
      "acme/org.json": { limits: { stageCpuMs: 50, memoryMb: 32, payloadBytes: 1000 } },
      [template]: { version: "1", limits: { stageCpuMs: 20, outputBytes: 5000 } },
      "acme/templates/u/template.json": { version: "1" },
    });
    expect(findings).toEqual([]);
    expect(view.template("acme", "t")).toMatchObject({
      runnable: { limits: { stageCpuMs: 20, memoryBytes: 33_554_432, outputBytes: 5000 } },
    });
    expect(view.template("acme", "u")).toMatchObject({
      runnable: { limits: { stageCpuMs: 50, memoryBytes: 33_554_432, outputBytes: 1_048_576 } },
    });
    expect(orgs.get("acme")!.templates.get("t")!.limits.payloadBytes).toBe(1000);
    expect(view.template("acme", "t")).toMatchObject({ payloadBytes: 1000 });
  });

  test("that are wider than those around them count for nothing, with a warning", async () => {
    const catalog = await open({
      "acme/org.json": '{"limits":\n {"stageCpuMs": 50, "memoryMb": 128}}',
      [template]: '{"version":"1", "limits": {"stageCpuMs": 60,\n "outputBytes": 2000000}}',
    });
    expect(linesOf(catalog)).toEqual([
      "warning LIMIT_WIDENS acme/org.json:2:33 limits.memoryMb is 128, wider than the 64 of the configuration; 64 counts",
      "warning LIMIT_WIDENS acme/templates/t/template.json:1:42 limits.stageCpuMs is 60, wider than the 50 of org.json; 50 counts",
      "warning LIMIT_WIDENS acme/templates/t/template.json:2:17 limits.outputBytes is 2000000, wider than the 1048576 of the configuration; 1048576 counts",
    ]);
    expect(catalog.view.template("acme", "t")).toMatchObject({
      runnable: { limits: { stageCpuMs: 50, memoryBytes: 67_108_864, outputBytes: 1_048_576 } },
    });
  });
});

describe("an org's own files", () => {
  test.each<[string, Tree, string, string]>([
    [
      "an org.json that is no JSON",
      { "acme/org.json": "{" },
      "error NOT_JSON acme/org.json:1:2 not valid JSON: expected property name or '}'",
      "org.json: not valid JSON: expected property name or '}'",
    ],
    [
      "an unknown key",
      { "acme/org.json": '{"limit":{}}' },
      'error UNKNOWN_KEY acme/org.json:1:2 unknown key "limit"; did you mean "limits"?',
      'org.json: unknown key "limit"; did you mean "limits"?',
    ],
    [
      "assets that are no JSON",
      { "acme/assets.json": "[{}," },
      "error NOT_JSON acme/assets.json:1:5 not valid JSON: unexpected end of the text",
      "assets.json: not valid JSON: unexpected end of the text",
    ],
    [
      "assets that are no array",
      { "acme/assets.json": "{}" },
      "error BAD_VALUE acme/assets.json:1:1 not an array of assets",
      "assets.json: not an array of assets",
    ],
    [
      "two files of assets",
      { "acme/assets.json": [], "acme/assets.ndjson": "" },
      "error TWO_ASSET_FILES acme/assets.json there are both assets.json and assets.ndjson; keep one of them",
      "there are both assets.json and assets.ndjson; keep one of them",
    ],
  ])("%s: no template of the org runs, those of others do", async (_name, tree, line, message) => {
    const catalog = await open(withGood({ ...tree, "other/templates/t/template.json": { version: "1" } }));
    expect(linesOf(catalog)).toEqual([line]);
    expect(catalog.view.template("acme", "good")).toMatchObject({
      kind: "broken",
      templateVersion: "1",
      fault: { stage: "intake", type: "syntax", code: "TEMPLATE_BROKEN", message },
    });
    expect(catalog.view.template("other", "t")?.kind).toBe("runnable");
  });
});

test(
  "the example catalog has no findings, and all of its templates run",
  { skip: !existsSync(examples) },
  async () => {
    const catalog = await openCatalogDirectory(examples, deployment);
    expect(catalog.findings).toEqual([]);
    const templates = [...catalog.orgs.values()].flatMap((org) => [...org.templates.values()]);
    expect(templates.length).toBeGreaterThanOrEqual(8);
    expect(new Set(templates.map(({ template: { kind } }) => kind))).toEqual(new Set(["runnable"]));
    expect(catalog.orgs.size).toBeGreaterThanOrEqual(3);
  },
);

test("a change of the directory is seen when it is opened again", async () => {
  const directory = await directoryOf({ [template]: { version: "1" } });
  const before = await openCatalogDirectory(directory, deployment);
  await writeFile(join(directory, template), '{"version":"2"}');
  const after = await openCatalogDirectory(directory, deployment);
  expect(before.view.template("acme", "t")).toMatchObject({ runnable: { templateVersion: "1" } });
  expect(after.view.template("acme", "t")).toMatchObject({ runnable: { templateVersion: "2" } });
});
