import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countTests } from "../../scripts/ci-test-counts.ts";

const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

describe("the counts of a test run", () => {
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "counts-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs Vitest itself over the given files and counts what it reports. */
  function countsOf(files: Readonly<Record<string, string>>): {
    passed: number;
    failures: readonly string[];
  } {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const report = join(directory, "report.json");
    const flags = ["--globals", "--reporter=json", `--outputFile=${report}`, "--root", directory];
    const { status } = spawnSync(process.execPath, [vitest, "run", ...flags], {
      cwd: directory,
      stdio: "ignore",
    });
    return countTests(readFileSync(report, "utf8"), status ?? 1);
  }

  test("take in a test that fails, a file that does not load and a hook that fails", () => {
    const { passed, failures } = countsOf({
      "some.test.js": `test("holds", () => {}); test("breaks", () => { expect(1).toBe(2); }); test.skip("rests", () => {});`,
      "syntax.test.js": "test('never', () => {};",
      "import.test.js": `import "./gone.js"; test("never", () => {});`,
      "hook.test.js": `test("holds too", () => {}); afterAll(() => { throw new Error("no end"); });`,
    });
    expect(passed).toBe(2);
    expect(failures).toHaveLength(4);
    expect(failures).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/some\.test\.js: breaks$/),
        expect.stringMatching(/syntax\.test\.js: ./),
        expect.stringMatching(/import\.test\.js: ./),
        expect.stringMatching(/hook\.test\.js: ./),
      ]),
    );
  });

  test("have a failure where all tests pass and the run does not", () => {
    const text = `test("holds", () => { void Promise.reject(new Error("left alone")); });`;
    expect(countsOf({ "stray.test.js": text })).toEqual({
      passed: 1,
      failures: ["npm test ended with exit code 1"],
    });
  });

  test("have a failure where no test ran", () => {
    expect(countTests(JSON.stringify({ testResults: [] }), 0)).toEqual({
      passed: 0,
      failures: ["npm test ran no test"],
    });
  });

  test("have a failure where there is no report", () => {
    expect(countTests(null, 134).failures).toEqual(["npm test left no report (it ended with exit code 134)"]);
  });
});
