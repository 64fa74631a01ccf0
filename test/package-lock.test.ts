import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")) as {
  readonly packages: Readonly<Record<string, LockEntry>>;
};
const entries = Object.entries(lock.packages);
const packages = entries.filter(([path]) => path !== "");

describe("the lock file", () => {
  test("names no host that packages come from", () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  test("has a version and a checksum for every package", () => {
    const bare = packages.filter(
      ([, { version, integrity }]) => version === undefined || integrity === undefined,
    );
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  // `npm ci` refuses a lock that leaves one out, even one for another platform than its own.
  test("has every package that another one in it asks for, those for other platforms too", () => {
    const missing = entries.flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
        .filter((name) => !isReachable(path, name))
        .map((name) => `${name}, for ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

/** Whether Node would find `name` from the package at `path`: in its own `node_modules` or one further up. */
function isReachable(path: string, name: string): boolean {
  let from = path;
  for (;;) {
    if (lock.packages[from === "" ? `node_modules/${name}` : `${from}/node_modules/${name}`] !== undefined)
      return true;
    if (from === "") return false;
    const cut = from.lastIndexOf("/node_modules/");
    from = cut === -1 ? "" : from.slice(0, cut);
  }
}
