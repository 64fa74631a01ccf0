import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { LoadedConfig } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { settings } from "../../src/config/settings.ts";
import { MillraceError } from "../../src/model/error.ts";

function fileWith(text: string, name = "millrace.yaml"): string {
  const dir = mkdtempSync(join(tmpdir(), "millrace-config-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, name);
  writeFileSync(file, text);
  return file;
}

function setting(loaded: LoadedConfig, key: string) {
  const found = loaded.settings.find((entry) => entry.key === key);
  if (found === undefined) throw new Error(`no setting ${key}`);
  return found;
}

function refusal(load: () => unknown): MillraceError {
  try {
    load();
  } catch (error) {
    if (error instanceof MillraceError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("layers", () => {
  test("flags go over the environment, the environment over the file, the file over defaults", () => {
    const file = fileWith("limits: { stageCpuMs: 10, memoryMb: 10, outputBytes: 10 }\n");
    const loaded = loadConfig({
      file,
      environment: { MILLRACE_LIMITS_STAGE_CPU_MS: "20", MILLRACE_LIMITS_MEMORY_MB: "20" },
      flags: new Map([["limits.stageCpuMs", { value: "30", origin: { kind: "flag", flag: "--set" } }]]),
      workingDir: "/",
    });
    expect(loaded.config.limits).toMatchObject({
      stageCpuMs: 30,
      memoryMb: 20,
      outputBytes: 10,
      lineBytes: 8_388_608,
    });
    expect(setting(loaded, "limits.stageCpuMs").origin).toEqual({ kind: "flag", flag: "--set" });
    expect(setting(loaded, "limits.memoryMb").origin).toEqual({
      kind: "environment",
      variable: "MILLRACE_LIMITS_MEMORY_MB",
    });
    expect(setting(loaded, "limits.outputBytes").origin).toEqual({ kind: "file", file, line: 1 });
    expect(setting(loaded, "limits.lineBytes").origin).toEqual({ kind: "default" });
  });

  test("every setting of the schema has a variable of its own, and each variable reaches its setting", () => {
    const variables = settings.map(({ variable }) => variable);
    expect(new Set(variables).size).toBe(settings.length);
    expect(variables).toContain("MILLRACE_SANDBOX_EXECUTORS");
    const texts: Readonly<Record<string, string>> = {
      catalog: "dir:x",
      "http.token": "0123456789abcdef",
      "http.tokenFile": "token.txt",
    };
    for (const { key, variable, defaultValue } of settings) {
      const text = texts[key] ?? String(defaultValue);
      const loaded = loadConfig({ environment: { [variable]: text }, workingDir: "/" });
      expect(setting(loaded, key).origin).toEqual({ kind: "environment", variable });
    }
  });

  test("an empty variable counts as unset", () => {
    const loaded = loadConfig({ environment: { MILLRACE_SANDBOX_EXECUTORS: "" }, workingDir: "/" });
    expect(setting(loaded, "sandbox.executors").origin.kind).toBe("default");
  });

  test("a variable that sets nothing is a warning with the nearest name; those of tests are none", () => {
    const { warnings } = loadConfig({
      environment: {
        MILLRACE_SANDBOX_EXECUTOR: "2",
        MILLRACE_REQUIRE_SERVICES: "1",
        MILLRACE_FORCE_FRESH: "1",
        MILLRACEX: "1",
      },
      workingDir: "/",
    });
    expect(warnings).toEqual([
      "the environment variable MILLRACE_SANDBOX_EXECUTOR sets nothing; did you mean MILLRACE_SANDBOX_EXECUTORS?",
    ]);
  });

  test("an empty file and an empty section set nothing", () => {
    for (const text of ["", "# nothing\n", "limits:\n"]) {
      expect(loadConfig({ file: fileWith(text), workingDir: "/" }).config.limits.stageCpuMs).toBe(100);
    }
  });

  test("the result is frozen through and through", () => {
    const { config } = loadConfig({
      flags: new Map([["catalog", { value: "dir:x", origin: { kind: "flag", flag: "--catalog" } }]]),
      workingDir: "/",
    });
    expect(
      [config, config.sandbox, config.limits, config.catalog].every((part) => Object.isFrozen(part)),
    ).toBe(true);
  });
});

describe("addresses", () => {
  test("a path in the file starts at the file's directory, one in the environment at the working directory", () => {
    const file = fileWith("catalog: dir:./catalog\n");
    expect(loadConfig({ file, workingDir: "/elsewhere" }).config.catalog).toEqual({
      scheme: "dir",
      path: join(file, "..", "catalog"),
    });
    const fromEnvironment = loadConfig({
      file,
      environment: { MILLRACE_CATALOG: "dir:c" },
      workingDir: "/elsewhere",
    });
    expect(fromEnvironment.config.catalog?.path).toBe("/elsewhere/c");
  });

  test("characters that a URL would escape stand for themselves", () => {
    const loaded = loadConfig({ environment: { MILLRACE_CATALOG: "dir:/a b%20c#d?e" }, workingDir: "/" });
    expect(loaded.config.catalog?.path).toBe("/a b%20c#d?e");
  });

  test("the log's file and the token's file start where the catalog does", () => {
    const file = fileWith("log: sqlite:./m.db\nhttp: { tokenFile: token }\n");
    const { config } = loadConfig({ file, workingDir: "/elsewhere" });
    expect(config.log).toEqual({ scheme: "sqlite", path: join(file, "..", "m.db") });
    expect(config.http.tokenFile).toBe(join(file, "..", "token"));
    expect(loadConfig({ file: fileWith(""), workingDir: "/w" }).config.log.path).toBe("/w/data/millrace.db");
  });

  test.each([
    ["127.0.0.1:8080", { host: "127.0.0.1", port: 8080 }],
    ["0.0.0.0:0", { host: "0.0.0.0", port: 0 }],
    ["localhost:80", { host: "127.0.0.1", port: 80 }],
    ["[::1]:65535", { host: "::1", port: 65_535 }],
  ])("%s is where to listen", (text, address) => {
    const loaded = loadConfig({ environment: { MILLRACE_HTTP_LISTEN: text }, workingDir: "/" });
    expect(loaded.config.http.listen).toEqual(address);
  });

  test.each([
    "8080",
    ":8080",
    "example.com:80",
    "127.0.0.1",
    "127.0.0.1:65536",
    "::1:80",
    "[127.0.0.1]:80",
    "1.2.3:4",
  ])("%s is no place to listen", (text) => {
    const error = refusal(() => loadConfig({ environment: { MILLRACE_HTTP_LISTEN: text }, workingDir: "/" }));
    expect([error.code, error.message]).toEqual([
      "CONFIG",
      `MILLRACE_HTTP_LISTEN: http.listen: "${text}" is not HOST:PORT; write an IP address or localhost and a port, as in 127.0.0.1:8080 or [::1]:8080`,
    ]);
  });

  test.each([
    ["sqlite:", 'MILLRACE_LOG: log: "sqlite:" names no file; write sqlite:PATH'],
    ["kafka://h:9092", 'MILLRACE_LOG: log: "kafka:" is not supported; write sqlite:PATH'],
  ])("the log %s is refused in one line", (address, message) => {
    const error = refusal(() => loadConfig({ environment: { MILLRACE_LOG: address }, workingDir: "/" }));
    expect([error.code, error.message]).toEqual(["CONFIG", message]);
  });

  test.each([
    ["log:", 'MILLRACE_CATALOG: catalog: "log:" is not supported; write dir:PATH'],
    ["./catalog", 'MILLRACE_CATALOG: catalog: "./catalog" is no address; write dir:PATH'],
    ["dir:", 'MILLRACE_CATALOG: catalog: "dir:" names no directory; write dir:PATH'],
  ])("the address %s is refused in one line", (address, message) => {
    const error = refusal(() => loadConfig({ environment: { MILLRACE_CATALOG: address }, workingDir: "/" }));
    expect([error.code, error.message]).toEqual(["CONFIG", message]);
  });
});

describe("what is refused", () => {
  test("an unknown key, with its line and the nearest key that is allowed", () => {
    const file = fileWith("catalog: dir:./c\nlimits:\n  stageCpu: 5\n");
    expect(refusal(() => loadConfig({ file, workingDir: "/" })).message).toBe(
      `${file}:3: unknown key "limits.stageCpu"; did you mean "stageCpuMs"?`,
    );
  });

  test("an unknown key that is like no other, with all that are allowed", () => {
    const file = fileWith('{ "kafka": {} }', "millrace.json");
    expect(refusal(() => loadConfig({ file, workingDir: "/" })).message).toBe(
      `${file}:1: unknown key "kafka"; allowed here: catalog, log, topics, http, workers, sandbox, limits`,
    );
  });

  test.each([
    ["limits:\n  stageCpuMs: 0\n", ":2: limits.stageCpuMs: 0 is too small, allowed: 1 to 60000"],
    ["limits:\n  stageCpuMs: many\n", ':2: limits.stageCpuMs: "many" is not an integer'],
    ["limits:\n  stageCpuMs: {}\n", ":2: limits.stageCpuMs: an object is not an integer"],
    [
      "sandbox:\n  isolation: vm\n",
      ':2: sandbox.isolation: "vm" is not allowed, allowed: "process", "thread"',
    ],
    [
      "limits: 5\n",
      ":1: limits holds keys and values: stageCpuMs, memoryMb, outputBytes, payloadBytes, lineBytes, sourceBytes",
    ],
    [
      "- 1\n",
      ": a configuration file holds keys and values: catalog, log, topics, http, workers, sandbox, limits",
    ],
    ["a: 1\na: 2\n", ":2:1: Map keys must be unique"],
    ["catalog: *nowhere\n", ": Unresolved alias (the anchor must be set before the alias): nowhere"],
    ["catalog: 5\n", ":1: catalog must be an address; write dir:PATH"],
  ])("%j", (text, message) => {
    const file = fileWith(text);
    const error = refusal(() => loadConfig({ file, workingDir: "/" }));
    expect(error.code).toBe("CONFIG");
    expect(error.message).toBe(file + message);
  });

  test("text that is no number, from the environment", () => {
    const error = refusal(() =>
      loadConfig({ environment: { MILLRACE_LIMITS_MEMORY_MB: "64MB" }, workingDir: "/" }),
    );
    expect(error.message).toBe('MILLRACE_LIMITS_MEMORY_MB: limits.memoryMb: "64MB" is not an integer');
  });

  test("a file that is not there", () => {
    expect(refusal(() => loadConfig({ file: "/no/such.yaml", workingDir: "/" })).message).toBe(
      "cannot read the configuration file /no/such.yaml: no such file",
    );
  });
});
