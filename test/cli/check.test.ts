import { describe, expect, test } from "vitest";
import { smallCatalog } from "./small-catalog.ts";
import { directoryWith, millrace } from "./spawn-millrace.ts";

const template = "acme/templates/echo/template.json";

test("a good catalog has a line for each template with its realm, and exit code 0", async () => {
  const { code, stdout, stderr } = await millrace(["check", directoryWith(smallCatalog)]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(
    "acme/echo 1  sealed  2 cases\n\n1 org, 1 template (1 sealed, 0 fresh): 0 errors, 0 warnings, 0 hints\n",
  );
});

test("a template that needs a fresh realm says why, and is no error", async () => {
  const dir = directoryWith({
    ...smallCatalog,
    "acme/templates/echo/transform.js": "function transform(v) {\n  return this.helper(v);\n}\n",
  });
  const { code, stdout } = await millrace(["check", dir]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^acme\/echo 1 {2}fresh/m);
  expect(stdout).toMatch(
    /transform\.js:2:10 hint FRESH_REALM .*\n +2 \|   return this\.helper\(v\);\n +\| +\^/,
  );
});

describe("what makes it exit with 1, with the place", () => {
  test.each([
    [
      "a syntax error",
      { "acme/templates/echo/decode.js": "function decode(payload) {\n  return payload..x;\n}\n" },
      /decode\.js:2:\d+ error SYNTAX_ERROR/,
    ],
    [
      "a missing stage file",
      { [template]: '{ "version": "1",\n  "decode": "gone.js" }' },
      /error MISSING_FILE .*gone\.js/,
    ],
    [
      "an unknown key",
      { [template]: '{ "version": "1",\n  "decod": "decode.js", "transform": "transform.js" }' },
      /template\.json:2:3 error UNKNOWN_KEY .*did you mean "decode"\?/,
    ],
    [
      "a duplicate asset",
      {
        "acme/assets.json":
          '[{ "assetId": "a1", "templateId": "echo" },\n { "assetId": "a1", "templateId": "echo" }]',
      },
      /assets\.json:2:\d+ error DUPLICATE_ASSET/,
    ],
    [
      "an org id out of its grammar",
      { "bad org/templates/t/template.json": '{ "version": "1" }' },
      /bad org error BAD_ID/,
    ],
    [
      "a template id out of its grammar",
      { "acme/templates/_t/template.json": '{ "version": "1" }' },
      /_t error BAD_ID/,
    ],
    [
      "an asset id out of its grammar",
      { "acme/assets.json": '[{ "assetId": " a1", "templateId": "echo" }]' },
      /assets\.json:1:\d+ error BAD_ID/,
    ],
    ["a file that is not JSON", { [template]: '{ "version": "1", }' }, /template\.json:1:\d+ error NOT_JSON/],
    [
      "a case that is wrong",
      { "acme/templates/echo/cases/x.json": '{ "name": "x", "input": {}, "expect": {} }' },
      /cases\/x\.json:1:\d+ error/,
    ],
  ])("%s", async (_name, change, place) => {
    const { code, stdout } = await millrace(["check", directoryWith({ ...smallCatalog, ...change })]);
    expect(stdout).toMatch(place);
    expect(code).toBe(1);
  });
});

test("--json has templates and findings", async () => {
  const dir = directoryWith({
    ...smallCatalog,
    "acme/templates/echo/decode.js": "function decode(payload) {\n  return payload..x;\n}\n",
  });
  const { code, stdout } = await millrace(["check", dir, "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    orgs: 1,
    templates: [{ orgId: "acme", templateId: "echo", version: "1", realm: "broken", cases: 2 }],
    findings: [{ severity: "error", code: "SYNTAX_ERROR", line: 2 }],
  });
});

test("a directory that is not there is one clear line and exit code 2", async () => {
  const { code, stderr } = await millrace(["check", "/no/such"]);
  expect([code, stderr]).toEqual([2, "millrace: the catalog /no/such does not exist\n"]);
});
