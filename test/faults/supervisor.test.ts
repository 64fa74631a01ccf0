import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRandom } from "../../src/fleet/random.ts";
import { directoryWith, finished } from "../cli/spawn-millrace.ts";
import { line, smallCatalog } from "../cli/small-catalog.ts";
import { executorPids, isAlive, mainThreadCpuMs, until } from "../sandbox/executor-pids.ts";
import { effort } from "./effort.ts";

const supervisorEntry = fileURLToPath(new URL("./supervisor-process.ts", import.meta.url));
const millraceEntry = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Starts a supervisor in a process group of its own, as a terminal does. */
function startGroup(
  entry: string,
  ...args: readonly string[]
): { readonly child: ChildProcess; readonly pid: number } {
  const child = spawn(process.execPath, ["--no-node-snapshot", entry, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, pid: child.pid as number };
}

/** CPU that an executor has used once it is in the middle of a long event, milliseconds; its start takes less. */
const underWayMs = 900;

const atWork = (supervisor: number): number[] =>
  executorPids(supervisor).filter((pid) => mainThreadCpuMs(pid) > underWayMs);

describe("when the supervisor is killed", { timeout: effort.timeoutMs }, () => {
  test("while a script will not end, no executor is left behind", async () => {
    const { child, pid } = startGroup(supervisorEntry, "endless");
    await until("an executor is in the script", () => atWork(pid).length > 0, 60_000);
    const executors = executorPids(pid);
    expect(executors).toHaveLength(2);
    child.kill("SIGKILL");
    await until("all executors are gone", () => !executors.some(isAlive), 10_000);
  });

  test("at any moment of their start, no executor is left behind", async () => {
    const random = createRandom(7);
    for (let kill = 0; kill < effort.supervisorKills; kill += 1) {
      const { child, pid } = startGroup(supervisorEntry, "endless");
      await until("executors start", () => executorPids(pid).length === 2, 60_000);
      await delay(random.between(0, 400));
      const executors = executorPids(pid);
      child.kill("SIGKILL");
      await until("all executors are gone", () => !executors.some(isAlive), 10_000);
    }
  });
});

describe("when the whole group is interrupted", { timeout: effort.timeoutMs }, () => {
  test("executors live until the supervisor has drained", async () => {
    const { child, pid } = startGroup(supervisorEntry, "draining");
    const end = finished(child);
    await until("both executors are at work", () => atWork(pid).length === 2, 60_000);
    process.kill(-pid, "SIGINT");
    process.kill(-pid, "SIGTERM");
    const { code, stdout, stderr } = await end;
    expect([code, stderr]).toEqual([0, ""]);
    const report = JSON.parse(stdout.replace("ready\n", "")) as Record<string, unknown>;
    expect(report).toMatchObject({ kills: {}, signals: 2 });
    expect(report["after"]).toEqual(report["before"]);
    expect(report["texts"]).toEqual([
      expect.stringContaining('"data":{"n":0,"sum":2999999997}'),
      expect.stringContaining('"data":{"n":1,"sum":2999999997}'),
    ]);
  });

  test("`run` finishes what has begun, with all its outcomes and nobody rejected", async () => {
    const catalog = directoryWith(smallCatalog);
    const { child, pid } = startGroup(millraceEntry, "run", "--catalog", catalog, "--input", "-");
    const end = finished(child);
    child.stdin?.on("error", () => {});
    child.stdin?.write(Array.from({ length: 500 }, (_none, n) => line({ n })).join(""));
    await once(child.stdout as NodeJS.ReadableStream, "data");
    process.kill(-pid, "SIGINT");
    const { code, stdout } = await end;
    expect(code).toBe(130);
    const lines = stdout.trimEnd().split("\n");
    const numbers = lines.map(
      (text) => (JSON.parse(text) as { event: { data: { n: number } } }).event.data.n,
    );
    expect(numbers).toEqual(Array.from({ length: 500 }, (_none, n) => n));
  });
});
