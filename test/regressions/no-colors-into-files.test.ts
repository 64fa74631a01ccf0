import { expect, test } from "vitest";
import { smallCatalog } from "../cli/small-catalog.ts";
import { directoryWith, millrace } from "../cli/spawn-millrace.ts";

// What CI systems set makes some libraries colour whatever they write; a file or a pipe gets none unless it is asked for.
test("a pipe gets no colours because the program runs in CI", async () => {
  const environment = { CI: "true", TERM: "xterm" };
  const { stdout, stderr } = await millrace(["check", directoryWith(smallCatalog)], { environment });
  expect(stdout).toMatch(/^acme\/echo 1 {2}sealed/);
  expect(stdout + stderr).not.toContain("\u001b");
});

test("a pipe gets colours when they are asked for", async () => {
  const environment = { FORCE_COLOR: "1" };
  const { stdout } = await millrace(["check", directoryWith(smallCatalog)], { environment });
  expect(stdout).toContain("\u001b[32msealed");
});
