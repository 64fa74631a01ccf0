import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { directoryWith, millrace } from "./spawn-millrace.ts";

test("the new catalog passes its own check and its own cases, and runs the line that it proposes", async () => {
  const root = directoryWith();
  const init = await millrace(["init", "my catalog"], { cwd: root });
  expect([init.code, init.stderr]).toEqual([0, ""]);
  const dir = join(root, "my catalog");

  const check = await millrace(["check", dir]);
  expect(check.code).toBe(0);
  expect(check.stdout).toContain("1 org, 1 template (1 sealed, 0 fresh): 0 errors, 0 warnings, 0 hints");

  const tested = await millrace(["test"], { cwd: dir });
  expect(tested.stdout).toMatch(/3 passed, 3 cases of 1 template/);
  expect(tested.code).toBe(0);

  const [, proposed = ""] =
    /echo '(.*)' \| npx millrace run --catalog 'my catalog' --input -/.exec(init.stdout) ?? [];
  const run = await millrace(["run", "--catalog", dir, "--input", "-"], { input: proposed });
  expect(JSON.parse(run.stdout)).toMatchObject({
    outcome: "standard",
    event: {
      eventType: "room.climate",
      data: { room: "101", temperature: 21.5, humidity: 41 },
      eva: { number: { temperature: 21.5 } },
    },
  });
});

test("an empty directory is taken, one with anything in it is refused and left alone", async () => {
  const root = directoryWith({ "full/readme.txt": "mine" });
  mkdirSync(join(root, "empty"));
  expect((await millrace(["init", "empty"], { cwd: root })).code).toBe(0);
  const refused = await millrace(["init", "full"], { cwd: root });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    "millrace: full is not empty; name a directory that is empty or does not exist\n",
  ]);
  expect(readdirSync(join(root, "full"))).toEqual(["readme.txt"]);
  const file = await millrace(["init", "full/readme.txt"], { cwd: root });
  expect([file.code, file.stderr]).toEqual([
    2,
    "millrace: cannot use full/readme.txt: it is no directory that can be read\n",
  ]);
});
