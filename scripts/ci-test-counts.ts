import { readFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * Reads Vitest's JSON report and writes the true counts: a line `PASSED FAILED`, then a line for each failure. What the
 * report does not count as a test counts here: a file that does not load, a hook that fails, a run that ends with an
 * error, a run without any test.
 *
 *     node scripts/ci-test-counts.ts REPORT EXIT_CODE
 */
interface Report {
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

export interface TestCounts {
  readonly passed: number;
  /** One line for each failure. */
  readonly failures: readonly string[];
}

/** The counts of a run that ended with `exitCode`; `text` is the report, or null where there is none. */
export function countTests(text: string | null, exitCode: number): TestCounts {
  if (text === null)
    return { passed: 0, failures: [`npm test left no report (it ended with exit code ${exitCode})`] };
  const files = (JSON.parse(text) as Report).testResults;
  const passed = files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "passed").length;
  const failures = files.flatMap(failuresOf);
  if (failures.length === 0 && exitCode !== 0) failures.push(`npm test ended with exit code ${exitCode}`);
  if (failures.length === 0 && passed === 0) failures.push("npm test ran no test");
  return { passed, failures };
}

function failuresOf({ name, status, message, assertionResults }: FileReport): readonly string[] {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length > 0) return failed.map(({ fullName }) => `${file}: ${fullName}`);
  const [firstLine = ""] = (message ?? "").split("\n");
  return status === "failed" ? [`${file}: ${firstLine === "" ? "failed outside its tests" : firstLine}`] : [];
}

function readReport(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const [path = "", exitCode = "1"] = process.argv.slice(2);
  const { passed, failures } = countTests(readReport(path), Number(exitCode));
  process.stdout.write([`${passed} ${failures.length}`, ...failures, ""].join("\n"));
}
