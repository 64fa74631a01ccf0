import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { DirectoryCatalog } from "../../src/catalog/catalog-directory.ts";
import { followCatalogDirectory } from "../../src/catalog/follow-directory.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createRandom } from "../../src/fleet/random.ts";
import { smallCatalog } from "../cli/small-catalog.ts";
import { directoryWith } from "../cli/spawn-millrace.ts";
import { until } from "../sandbox/executor-pids.ts";

/** Follows the small catalog and some more orgs like its own, and keeps every reading. */
async function followed(moreOrgs: number): Promise<{ directory: string; readings: DirectoryCatalog[] }> {
  const more = Array.from({ length: moreOrgs }, (_none, org) =>
    Object.entries(smallCatalog).map(([path, text]) => [path.replace("acme", `org-${org}`), text]),
  );
  const files = Object.fromEntries([...Object.entries(smallCatalog), ...more.flat()]) as Record<
    string,
    string
  >;
  const directory = directoryWith(files);
  const { config } = loadConfig({ environment: {}, flags: new Map(), workingDir: directory });
  const readings: DirectoryCatalog[] = [];
  const following = await followCatalogDirectory(directory, config.limits, {
    onChange: (catalog) => readings.push(catalog),
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => following.close());
  return { directory, readings };
}

// A log in the catalog's directory, or an output that is written there, kept the directory from ever settling.
test("a catalog is read again within a second although other files in its directory change all the time", async () => {
  const { directory, readings } = await followed(0);
  mkdirSync(join(directory, "data"));
  const writing = setInterval(() => {
    for (const file of ["out.ndjson", "data/log.db", "data/log.db-wal"]) {
      writeFileSync(join(directory, file), "more\n", { flag: "a" });
    }
  }, 20);
  onTestFinished(() => clearInterval(writing));
  await delay(1_000);
  // The directory that is new may be an org.
  const before = readings.length;
  expect(before).toBeLessThanOrEqual(1);
  writeFileSync(join(directory, "acme/templates/echo/decode.js"), "function decode(p) { return p; }\n");
  await until("it is read again", () => readings.length > before, 1_000);
});

// What was half written when it was read stayed in use until the next change was found, and events were rejected.
test("a file that is written while the catalog is read is not taken half", async () => {
  // Reading them takes a while, in which the file of the last one changes.
  const { directory, readings } = await followed(60);
  const file = join(directory, "org-9/templates/echo/transform.js");
  const random = createRandom(7);
  for (let edit = 0; edit < 15; edit += 1) {
    const descriptor = openSync(file, "w");
    await delay(30);
    writeSync(descriptor, `${smallCatalog["acme/templates/echo/transform.js"]}// ${edit}\n`);
    closeSync(descriptor);
    await delay(random.between(90, 250));
  }
  await delay(500);
  expect(readings.length).toBeGreaterThan(0);
  const kinds = readings.map(({ orgs }) => orgs.get("org-9")?.templates.get("echo")?.template.kind);
  expect(kinds).not.toContain("broken");
});
