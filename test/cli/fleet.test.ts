import { once } from "node:events";
import { openSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  directoryWith,
  finished,
  millrace as spawnAnywhere,
  startMillrace as startAnywhere,
  type SpawnOptions,
} from "./spawn-millrace.ts";

/** The fleet's log is in the working directory, and one process consumes it. */
const apart = (options: SpawnOptions = {}): SpawnOptions => ({ cwd: directoryWith(), ...options });
const millrace = (args: readonly string[]): ReturnType<typeof spawnAnywhere> => spawnAnywhere(args, apart());
const startMillrace = (args: readonly string[], options?: SpawnOptions): ReturnType<typeof startAnywhere> =>
  startAnywhere(args, apart(options));

interface Summary {
  readonly sent: number;
  readonly raw: number;
  readonly standard: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly foreseen: number;
  readonly rejectedByType: Record<string, number>;
  readonly byOrg: Record<string, { raw: number }>;
  readonly problems: string[];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe("the demonstration", { timeout: 60_000 }, () => {
  test("stops by itself with a summary whose counts add up and which the simulator foresaw", async () => {
    const { code, stdout } = await millrace(["dev", "--fleet", "--events", "5000", "--seed", "7", "--json"]);
    expect(code).toBe(0);
    const summary = JSON.parse(stdout) as Summary;
    expect(summary).toMatchObject({ sent: 5000, raw: 5000, foreseen: 5000, problems: [] });
    expect(summary.standard + summary.filtered + summary.rejected).toBe(5000);
    expect(sum(Object.values(summary.rejectedByType))).toBe(summary.rejected);
    expect(sum(Object.values(summary.byOrg).map(({ raw }) => raw))).toBe(5000);
    expect(Object.keys(summary.byOrg).length).toBe(3);
    expect(Math.min(summary.standard, summary.filtered, summary.rejected)).toBeGreaterThan(0);
  });

  test("the same seed gives the same counts, another seed others", async () => {
    const run = async (
      seed: string,
    ): Promise<Pick<Summary, "standard" | "filtered" | "rejectedByType" | "byOrg">> => {
      const { standard, filtered, rejectedByType, byOrg } = JSON.parse(
        (await millrace(["dev", "--fleet", "--events", "2000", "--seed", seed, "--json"])).stdout,
      ) as Summary;
      return { standard, filtered, rejectedByType, byOrg };
    };
    const first = await run("1");
    expect(await run("1")).toEqual(first);
    expect(await run("2")).not.toEqual(first);
  });

  test("without a terminal it writes plain lines, and on Ctrl-C drains, adds up and exits with 130", async () => {
    const child = startMillrace(["dev", "--fleet", "--rate", "500"]);
    const end = finished(child);
    await once(child.stdout!, "data");
    child.kill("SIGINT");
    const { code, stdout, stderr } = await end;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^0:0\d {2}[\d,]+ events\/s {2}standard [\d,]+ {2}filtered/);
    expect(stdout).toMatch(/^counts +add up: /m);
    expect(stdout).toMatch(/^meadowbank-farms +\d/m);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toBe("millrace: finishing what has begun; press Ctrl-C again to end at once\n");
  });

  test("a rate is kept", async () => {
    const startMs = performance.now();
    const { stdout } = await millrace(["dev", "--fleet", "--rate", "200", "--events", "400", "--json"]);
    expect(performance.now() - startMs).toBeGreaterThan(1800);
    expect(JSON.parse(stdout)).toMatchObject({ sent: 400 });
  });

  test("a reader that leaves early is no error, and a full disk is exit code 3", async () => {
    const child = startMillrace(["dev", "--fleet", "--rate", "500"]);
    const end = finished(child);
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    expect(await end).toMatchObject({ code: 0, stderr: "" });

    const full = await finished(
      startMillrace(["dev", "--fleet", "--rate", "500"], {
        stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
      }),
    );
    expect(full).toMatchObject({
      code: 3,
      stderr: "millrace: cannot write to the standard output: the disk is full (ENOSPC)\n",
    });
  });

  test.each([
    [
      ["dev", "--fleet", "--events", "0"],
      "option '--events <n>' argument '0' is invalid. Write a whole number from 1 on.",
    ],
    [["dev", "--fleet", "--seed", "x"], "option '--seed <n>' argument 'x' is invalid. Write a whole number."],
  ])("%j is one clear line and exit code 2", async (args, message) => {
    expect(await millrace(args)).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: `millrace: ${message}\n`,
    });
  });
});
