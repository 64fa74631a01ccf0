import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { smallCatalog } from "./small-catalog.ts";
import { directoryWith, finished, millrace, startMillrace } from "./spawn-millrace.ts";

const caseFile = "acme/templates/echo/cases/echo.json";
const wrongCases = `[
  { "name": "wrong number",   "input": { "assetId": "a1", "payload": { "n": 1 } },
    "expect": { "event": { "data": { "n": 2, "room": "101" } } } },
  { "name": "right", "input": { "payload": { "n": 1 } }, "expect": { "event": { "eventType": "echo" } } },
  { "name": "fails", "input": { "payload": { "fail": true } }, "expect": { "filtered": true } }
]
`;

describe("results", () => {
  test("cases that pass are counted by template, and what scripts said is shown", async () => {
    const { code, stdout, stderr } = await millrace(["test", directoryWith(smallCatalog)]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^✓ acme\/echo {2}2 cases$/m);
    expect(stdout).toContain("decode console.log: decoding 1");
    expect(stdout).toMatch(/^2 passed, 2 cases of 1 template in [\d.]+ m?s$/m);
  });

  test("a failed case shows the difference, and a rejection its place with a caret; the exit code is 1", async () => {
    const { code, stdout } = await millrace([
      "test",
      directoryWith({ ...smallCatalog, [caseFile]: wrongCases }),
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ acme\/echo {2}2 of 3 cases failed$/m);
    expect(stdout).toMatch(/✗ wrong number .*echo\.json \[0\]/);
    expect(stdout).toMatch(/- +"n": 2,\n +\+ +"n": 1,/);
    expect(stdout).toMatch(/- expected {3}nothing: filtered\n +\+ came out {3}a rejection\n/);
    expect(stdout).toContain("decode runtime/UNCAUGHT (acme/echo 1): RangeError: asked to fail");
    expect(stdout).toMatch(/decode\.js:2:\d+\n +2 \|   if \(payload\.fail\) throw .*\n +\| +\^/);
    expect(stdout).toMatch(/^2 failed, 1 passed, 3 cases of 1 template/m);
  });

  test("a case runs through its own template, with the attributes of an asset that is bound to another", async () => {
    const dir = directoryWith({
      ...smallCatalog,
      "acme/templates/second/template.json": '{ "version": "1", "transform": "transform.js" }',
      "acme/templates/second/transform.js":
        'function transform(v, m) { return { eventType: "second", data: m.attributes }; }\n',
      "acme/templates/second/cases/a.json":
        '{ "name": "a", "input": { "assetId": "a1", "payload": 1 }, "expect": { "event": { "eventType": "second", "templateId": "second", "data": { "room": "101" } } } }',
    });
    expect((await millrace(["test", join(dir, "acme/templates/second")])).stdout).toContain(
      "1 passed, 1 case of 1 template",
    );
  });

  test("a template without cases is said", async () => {
    const { [caseFile]: _cases, ...files } = smallCatalog;
    const { code, stdout } = await millrace(["test", directoryWith(files)]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("- acme/echo  has no cases")]);
  });

  test("a case file that is wrong is an error with its place, and the other cases run", async () => {
    const dir = directoryWith({ ...smallCatalog, "acme/templates/echo/cases/bad.json": '[{ "name": "x" }]' });
    const { code, stdout } = await millrace(["test", dir]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/cases\/bad\.json:1:\d+ error/);
    expect(stdout).toMatch(/^1 error|errors, 2 passed/m);
  });

  test("a template with a syntax error fails its cases and shows the line", async () => {
    const dir = directoryWith({
      ...smallCatalog,
      "acme/templates/echo/transform.js": "function transform(v) {\n  retrun v;\n}\n",
    });
    const { code, stdout } = await millrace(["test", dir]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/transform\.js:2:\d+/);
    expect(stdout).toContain("2 | ");
  });

  test("what came out in the place of a rejection is shown, and a second rejection like the first is not", async () => {
    const inputs = [
      { n: 1, fail: false },
      { n: 2, fail: true },
      { n: 3, fail: true },
    ];
    const cases = inputs.map(({ n, fail }) => ({
      name: `case ${n}`,
      input: { payload: { n, ...(fail && { fail }) } },
      expect: fail ? { event: {} } : { rejection: { stage: "decode", type: "runtime" } },
    }));
    const dir = directoryWith({ ...smallCatalog, [caseFile]: JSON.stringify(cases) });
    const { stdout } = await millrace(["test", dir]);
    expect(stdout).toMatch(/- expected {3}a rejection\n +\+ came out {3}a standard event\n/);
    expect(stdout).toContain('"n": 1,');
    expect(stdout.match(/RangeError: asked to fail/g)?.length).toBe(1);
    expect(stdout).toMatch(/case 3 [^]*came out {3}a rejection\n +the same rejection as above\n\n3 failed/);
  });

  test("--json has each case with what was expected and what came out", async () => {
    const { code, stdout } = await millrace([
      "test",
      directoryWith({ ...smallCatalog, [caseFile]: wrongCases }),
      "--json",
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: 1,
      failed: 2,
      updated: 0,
      withoutCases: [],
      cases: [
        { name: "wrong number", verdict: "failed", actual: { event: { data: { n: 1, room: "101" } } } },
        { name: "right", verdict: "passed" },
        { name: "fails", verdict: "failed", actual: { rejection: { stage: "decode", type: "runtime" } } },
      ],
    });
  });
});

describe("paths", () => {
  const two = {
    ...smallCatalog,
    ...Object.fromEntries(
      Object.entries(smallCatalog).map(([path, text]) => [path.replace("acme/", "other/"), text]),
    ),
    "acme/templates/echo/cases/more.json":
      '{ "name": "m", "input": { "payload": {} }, "expect": { "event": {} } }',
  };

  test.each([
    [".", "5 cases of 2 templates"],
    ["acme", "3 cases of 1 template"],
    ["acme/templates/echo", "3 cases of 1 template"],
    ["acme/templates/echo/cases", "3 cases of 1 template"],
    ["acme/templates/echo/cases/more.json", "1 case of 1 template"],
  ])("%s", async (path, counted) => {
    expect((await millrace(["test", path], { cwd: directoryWith(two) })).stdout).toContain(counted);
  });

  test("several paths, also of different orgs, are run as one", async () => {
    const { stdout } = await millrace(["test", "acme/templates/echo/cases/more.json", "other"], {
      cwd: directoryWith(two),
    });
    expect(stdout).toContain("3 cases of 2 templates");
  });

  test("without a path it is ./catalog, else the directory itself", async () => {
    const inCatalog = Object.fromEntries(
      Object.entries(smallCatalog).map(([path, text]) => [`catalog/${path}`, text]),
    );
    expect((await millrace(["test"], { cwd: directoryWith(inCatalog) })).stdout).toContain(
      "2 cases of 1 template",
    );
    expect((await millrace(["test"], { cwd: directoryWith(smallCatalog) })).stdout).toContain(
      "2 cases of 1 template",
    );
    const nowhere = await millrace(["test"], { cwd: directoryWith() });
    expect([nowhere.code, nowhere.stderr]).toEqual([
      2,
      "millrace: no catalog is named, and neither ./catalog nor . is one; name a path\n",
    ]);
  });

  test.each([
    ["nowhere", "there is no file or directory nowhere"],
    [
      "acme/templates/echo/decode.js",
      "acme/templates/echo/decode.js is not a file of cases; those are in TEMPLATE/cases/ and end in .json",
    ],
    ["empty", "empty is no catalog, org, template or file of cases"],
  ])("%s is refused in one line", async (path, message) => {
    const cwd = directoryWith({ ...two, "empty/.keep": "" });
    expect(await millrace(["test", path], { cwd })).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: `millrace: ${message}\n`,
    });
  });
});

describe("--update", () => {
  test("writes what came out, only the named keys, and leaves the rest of the file as it is", async () => {
    const dir = directoryWith({ ...smallCatalog, [caseFile]: wrongCases });
    const { code, stdout } = await millrace(["test", dir, "--update"]);
    expect(stdout).toContain("2 expectations updated");
    expect(code).toBe(0);
    expect(readFileSync(join(dir, caseFile), "utf8")).toBe(
      wrongCases
        .replace(
          '{ "event": { "data": { "n": 2, "room": "101" } } }',
          '{ "event": { "data": { "n": 1, "room": "101" } } }',
        )
        .replace(
          /\{ "filtered": true \} \}\n/,
          `${[
            "{",
            '    "rejection": {',
            '      "stage": "decode",',
            '      "type": "runtime",',
            '      "code": "UNCAUGHT",',
            '      "message": "RangeError: asked to fail"',
            "    }",
            "  } }",
          ].join("\n")}\n`,
        ),
    );
    expect((await millrace(["test", dir])).code).toBe(0);
  });

  test("touches no file in which everything passes", async () => {
    const odd =
      '[\n {"name":"a","input":{"assetId":"a1","payload":{"n":1}},"expect":{"event":{"data":{"room":"101","n":1}}}}\n]';
    const dir = directoryWith({ ...smallCatalog, [caseFile]: odd });
    expect((await millrace(["test", dir, "--update"])).code).toBe(0);
    expect(readFileSync(join(dir, caseFile), "utf8")).toBe(odd);
  });
});

describe("--watch", () => {
  test(
    "runs at once, again within a second of a change, and ends on Ctrl-C",
    { timeout: 30_000 },
    async () => {
      const dir = directoryWith(smallCatalog);
      const child = startMillrace(["test", dir, "--watch"]);
      const end = finished(child);
      let seen = "";
      child.stdout!.on("data", (chunk: Buffer) => (seen += chunk.toString("utf8")));
      const until = async (what: RegExp): Promise<void> => {
        while (!what.test(seen)) await once(child.stdout!, "data");
      };
      const watching = once(child.stderr!, "data");
      await until(/2 passed, 2 cases/);
      await watching;

      seen = "";
      const startMs = performance.now();
      writeFileSync(join(dir, caseFile), wrongCases);
      await until(/2 failed, 1 passed/);
      expect(performance.now() - startMs).toBeLessThan(1000);

      seen = "";
      writeFileSync(join(dir, caseFile), smallCatalog[caseFile] ?? "");
      await until(/2 passed, 2 cases/);
      child.kill("SIGINT");
      const { code, stderr } = await end;
      expect(code).toBe(130);
      expect(stderr).toContain("; press Ctrl-C to end");
    },
  );
});
