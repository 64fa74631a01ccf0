import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rejectionCodes } from "../../src/model/contract.ts";
import { generatedFiles } from "../../scripts/generate-contract.ts";
import { schemaFiles } from "./plain-validator.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

describe("the generated files", () => {
  test("in the repository are what the schemas give", async () => {
    for (const { path, text } of await generatedFiles()) {
      expect(await readFile(join(root, path), "utf8"), `${path}: run npm run generate`).toBe(text);
    }
  });

  test("are the same each time", async () => {
    expect(await generatedFiles()).toEqual(await generatedFiles());
  });

  test("hold the table of codes as the schema has it, frozen", () => {
    const { schema } = schemaFiles.find(({ name }) => name === "rejection") ?? {};
    const { oneOf } = (schema as { $defs: { code: { oneOf: Record<string, unknown>[] } } }).$defs.code;
    expect(Object.entries(rejectionCodes).map(([code, entry]) => ({ code, ...entry }))).toEqual(
      oneOf.map((row) => ({
        code: row["const"],
        type: row["x-type"],
        stages: row["x-stages"],
        meaning: row["description"],
        cure: row["x-cure"],
      })),
    );
    expect(Object.isFrozen(rejectionCodes)).toBe(true);
    for (const entry of Object.values(rejectionCodes)) {
      expect(Object.isFrozen(entry) && Object.isFrozen(entry.stages)).toBe(true);
    }
  });
});

describe("generate-contract --check", () => {
  let copy = "";

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), "millrace-contract-"));
    for (const part of ["package.json", "schemas", "scripts", "src/config", "src/model", "docs/reference"]) {
      await mkdir(join(copy, part, ".."), { recursive: true });
      await cp(join(root, part), join(copy, part), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  });

  afterAll(() => rm(copy, { recursive: true, force: true }));

  const generate = (...flags: string[]): Promise<{ stderr: string }> =>
    run(process.execPath, [join(copy, "scripts/generate-contract.ts"), ...flags]);

  test("names the file that has drifted and exits with 1, until it is generated again", async () => {
    await generate("--check");
    const contract = join(copy, "src/model/contract.ts");
    const text = await readFile(contract, "utf8");
    await writeFile(contract, text.replace("lines counted from 1", "lines counted from 0"));
    await expect(generate("--check")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("src/model/contract.ts") as string,
    });
    await generate();
    expect(await readFile(contract, "utf8")).toBe(text);
    await generate("--check");
  });
});
