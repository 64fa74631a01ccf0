import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext, Script } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guestBundle } from "../../src/script/guest-bundle.ts";

let directory = "";
beforeAll(async () => {
  // Beside the project's own files, so that packages are found as they are from there.
  directory = await mkdtemp(join(import.meta.dirname, "guest-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function entry(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

test("a guest becomes one script, with the npm package buffer in it", async () => {
  await entry("part.ts", "export const unused = 'NOT IN THE BUNDLE';\nexport const size: number = 3;");
  const path = await entry(
    "entry.ts",
    'import { Buffer } from "buffer";\nimport { size } from "./part.ts";\nglobalThis.result = Buffer.alloc(size, 1).toString("hex");',
  );
  const bundle = await guestBundle(path);
  const realm: { result?: string } = {};
  runInNewContext(bundle, realm);
  expect(realm.result).toBe("010101");
  expect(bundle).not.toContain("NOT IN THE BUNDLE");
});

test.each(["buffer", "buffer/", "buffer/index.js"])("the package may be asked for as %s", async (name) => {
  const path = await entry(
    `as-${name.length}.ts`,
    `import { Buffer } from ${JSON.stringify(name)};\nglobalThis.result = Buffer.from("a").toString("hex");`,
  );
  const realm: { result?: string } = {};
  runInNewContext(await guestBundle(path), realm);
  expect(realm.result).toBe("61");
});

test("the guest itself becomes a script", async () => {
  const bundle = await guestBundle();
  expect(() => new Script(bundle)).not.toThrow();
  expect(bundle.length).toBeGreaterThan(10_000);
});

test("it is made once", async () => {
  const path = await entry("once.ts", "globalThis.a = 1;");
  const first = guestBundle(path);
  expect(guestBundle(path)).toBe(first);
  await first;
});

test.each([
  [
    "does-not-parse.ts",
    "const = 1;",
    /^the guest does not bundle: .*does-not-parse\.ts:1:6: ERROR: Expected identifier/,
  ],
  ["node-module.ts", 'import "node:fs";', /^the guest does not bundle: .*node:fs/],
])("%s is an internal error of one line", async (name, text, message) => {
  const error = await guestBundle(await entry(name, text)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "INTERNAL" });
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain("\n");
});
