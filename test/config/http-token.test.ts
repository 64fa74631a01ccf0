import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { LoadedConfig } from "../../src/config/config.ts";
import { readHttpToken } from "../../src/config/http-token.ts";
import { loadConfig } from "../../src/config/load-config.ts";

const token = "s3cret-0123456789";

function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), "millrace-token-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

function load(environment: Readonly<Record<string, string>>, workingDir = "/"): LoadedConfig {
  return loadConfig({ environment, workingDir });
}

test("a token is given as it is and shown masked", () => {
  const loaded = load({ MILLRACE_HTTP_TOKEN: token });
  expect(readHttpToken(loaded.config.http)).toBe(token);
  expect(loaded.settings.find(({ key }) => key === "http.token")?.value).toBe("********");
  expect(JSON.stringify(loaded.settings)).not.toContain(token);
});

test("a token's file is read without its line break, and only its path is shown", () => {
  const dir = directory();
  writeFileSync(join(dir, "token"), `${token}\n`);
  const loaded = load({ MILLRACE_HTTP_TOKEN_FILE: "token" }, dir);
  expect(readHttpToken(loaded.config.http)).toBe(token);
  expect(loaded.settings.find(({ key }) => key === "http.tokenFile")?.value).toBe("token");
});

test("without one there is none", () => {
  expect(readHttpToken(load({}).config.http)).toBeUndefined();
});

test.each(["short", "with a space in it", "0123456789ABCDEé", "0123=456789abcdef", "x".repeat(1_025)])(
  "%# a token outside its grammar is refused in words that do not hold it",
  (text) => {
    const words =
      "http.token is not allowed: a token has 16 to 1024 letters, digits and -._~+/, and = at its end only";
    expect(() => load({ MILLRACE_HTTP_TOKEN: text })).toThrow(
      expect.objectContaining({ code: "CONFIG", message: `MILLRACE_HTTP_TOKEN: ${words}` }) as Error,
    );
  },
);

test("a token that YAML takes for a number is refused in words that do not hold it", () => {
  const dir = directory();
  const file = join(dir, "m.yaml");
  writeFileSync(file, "http:\n  token: 1234567890123456\n");
  expect(() => loadConfig({ file, workingDir: "/" })).toThrow(
    /^[^]*m\.yaml:2: http\.token is not allowed: a token has [^1]*16 to/,
  );
});

test("a token and a token's file are one too many", () => {
  expect(() => load({ MILLRACE_HTTP_TOKEN: token, MILLRACE_HTTP_TOKEN_FILE: "f" })).toThrow(
    "MILLRACE_HTTP_TOKEN: http.token is set, and MILLRACE_HTTP_TOKEN_FILE sets http.tokenFile; keep one of them",
  );
});

test("a token's file that is not there, or holds none, is one line", () => {
  const dir = directory();
  writeFileSync(join(dir, "empty"), "\n");
  const read = (file: string) => () =>
    readHttpToken(load({ MILLRACE_HTTP_TOKEN_FILE: file }, dir).config.http);
  expect(read("gone")).toThrow(/^http\.tokenFile: .*gone cannot be read \(ENOENT/);
  expect(read("empty")).toThrow(/^http\.tokenFile: what .*empty holds is not allowed/);
});
