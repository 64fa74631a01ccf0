import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { directoryWith, finished, millrace, startMillrace } from "./spawn-millrace.ts";

describe("usage", () => {
  test.each([
    [["confg"], "unknown command 'confg' (Did you mean config?)"],
    [["config", "--jsn"], "unknown option '--jsn' (Did you mean --json?)"],
    [["init"], "missing required argument 'dir'"],
    [["config", "--executors", "0"], "--executors: sandbox.executors: 0 is too small, allowed: 1 to 256"],
    [
      ["config", "--config", "/no/such.yaml"],
      "cannot read the configuration file /no/such.yaml: no such file",
    ],
    [
      ["config", "--set", "limits.stageCpuM=5"],
      "option '--set <key=value>' argument 'limits.stageCpuM=5' is invalid. There is no key limits.stageCpuM; did you mean limits.stageCpuMs?",
    ],
  ])("%j is one clear line and exit code 2", async (args, line) => {
    expect(await millrace(args)).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: `millrace: ${line}\n`,
    });
  });

  test("help that is asked for is data and exit code 0; none asked for is words and 2", async () => {
    const asked = await millrace(["--help"]);
    expect([asked.code, asked.stderr]).toEqual([0, ""]);
    expect(asked.stdout).toMatch(/^Usage: millrace/);
    const notAsked = await millrace([]);
    expect([notAsked.code, notAsked.stdout]).toEqual([2, ""]);
    expect(notAsked.stderr).toMatch(/^Usage: millrace/);
  });

  test("the version is that of the package", async () => {
    expect((await millrace(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("config", () => {
  test("each value stands beside where it comes from", async () => {
    const dir = directoryWith({ "m.yaml": "catalog: dir:./c\nlimits:\n  stageCpuMs: 7\n" });
    const { code, stdout, stderr } = await millrace(["config", "--config", "m.yaml", "--executors", "3"], {
      cwd: dir,
      environment: { MILLRACE_LIMITS_MEMORY_MB: "32", MILLRACE_LIMITS_MEMRY_MB: "32" },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^catalog +dir:\.\/c +m\.yaml:1$/m);
    expect(stdout).toMatch(/^limits\.stageCpuMs +7 +m\.yaml:3$/m);
    expect(stdout).toMatch(/^sandbox\.executors +3 +--executors$/m);
    expect(stdout).toMatch(/^limits\.memoryMb +32 +MILLRACE_LIMITS_MEMORY_MB$/m);
    expect(stdout).toMatch(/^limits\.outputBytes +1048576 +default$/m);
    expect(stderr).toBe(
      "millrace: the environment variable MILLRACE_LIMITS_MEMRY_MB sets nothing; did you mean MILLRACE_LIMITS_MEMORY_MB?\n",
    );
  });

  test("a wrong value is one line that names who set it, the key once, and what is allowed", async () => {
    const flag = await millrace(["config", "--set", "limits.stageCpuMs=abc"]);
    expect(flag.stderr).toBe('millrace: --set limits.stageCpuMs: "abc" is not an integer\n');
    const environment = { MILLRACE_LIMITS_STAGE_CPU_MS: "abc" };
    const variable = await millrace(["config"], { environment });
    expect(variable.stderr).toBe(
      'millrace: MILLRACE_LIMITS_STAGE_CPU_MS: limits.stageCpuMs: "abc" is not an integer\n',
    );
    expect([flag.code, variable.code]).toEqual([2, 2]);
  });

  test("--json gives the same as JSON", async () => {
    const { stdout } = await millrace(["config", "--json", "--set", "limits.stageCpuMs=9"]);
    const settings = JSON.parse(stdout) as { key: string }[];
    expect(settings.find(({ key }) => key === "limits.stageCpuMs")).toEqual({
      key: "limits.stageCpuMs",
      value: 9,
      origin: { kind: "flag", flag: "--set limits.stageCpuMs" },
    });
  });

  test("a full disk under the standard output is one line and exit code 3", async () => {
    const full = openSync("/dev/full", "w");
    const result = await finished(startMillrace(["config"], { stdio: ["ignore", full, "pipe"] }));
    expect([result.code, result.stderr]).toEqual([
      3,
      "millrace: cannot write to the standard output: the disk is full (ENOSPC)\n",
    ]);
  });
});

describe("the launcher", () => {
  const launcher = fileURLToPath(new URL("../../bin/millrace.mjs", import.meta.url));

  test("hands arguments, output and the exit code on", async () => {
    const run = promisify(execFile)(process.execPath, [launcher, "config", "--executors", "zero"]);
    await expect(run).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/"zero" is not an integer/) as string,
    });
    const { stdout } = await promisify(execFile)(process.execPath, [launcher, "--version"]);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test(
    "passes a signal on, waits for the drain, and ends with the program's code",
    { timeout: 30_000 },
    async () => {
      const child = spawn(process.execPath, [launcher, "dev", "--fleet", "--rate", "500"], {
        cwd: directoryWith(),
      });
      const end = finished(child);
      await once(child.stdout, "data");
      child.kill("SIGTERM");
      const { code, stdout } = await end;
      expect([code, stdout]).toEqual([130, expect.stringMatching(/^counts +add up/m)]);
    },
  );
});
