import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // isolated-vm is native code: a test file gets a process of its own, as an executor does.
    pool: "forks",
    // isolated-vm aborts a process that was started from Node's snapshot.
    execArgv: ["--no-node-snapshot"],
    // Starting an executor takes about 0.1 s; on a machine of two busy cores it takes many times that.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    reporters: ["default"],
  },
});
