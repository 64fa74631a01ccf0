import { setTimeout as delay } from "node:timers/promises";
import type { Worker as Thread } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { openStream } from "../../src/app/open-stream.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createRandom } from "../../src/fleet/random.ts";
import { isAlive, until } from "../sandbox/executor-pids.ts";
import { effort } from "./effort.ts";
import { runAudit } from "./run-audit.ts";
import { executorsOf } from "./stream/executors-of.ts";
import { startInflow } from "./stream/inflow.ts";
import { drained, streamPlace } from "./stream/stream-program.ts";

const seed = 20_250_618;

/** The threads of this process that are workers of a stream. A thread cannot be killed, but it can be ended anywhere. */
function watchWorkers(): Set<Thread> {
  const workers = new Set<Thread>();
  const onThread = (thread: Thread): void => {
    // The log's own thread has a name.
    if (thread.threadName === "millrace-log") return;
    workers.add(thread);
    thread.once("exit", () => workers.delete(thread));
  };
  process.on("worker", onThread);
  onTestFinished(() => void process.off("worker", onThread));
  return workers;
}

test(
  "workers' threads and executors that end at random moments cost no event its one outcome",
  { timeout: effort.timeoutMs },
  async () => {
    const random = createRandom(seed);
    const place = await streamPlace();
    const workers = watchWorkers();
    const notices: string[] = [];
    const { config } = loadConfig({
      file: place.config,
      environment: {},
      flags: new Map(),
      workingDir: place.directory,
    });
    const stream = await openStream({
      config,
      catalog: place.catalog,
      debug: "off",
      http: "on",
      onNotice: ({ text }) => notices.push(text),
      onCatalog: () => undefined,
    });
    onTestFinished(() => stream.close());
    const inflow = startInflow(place, { seed, senders: 3, produced: 400, pauseMs: 3 });
    const killed = { workers: 0, executors: 0 };
    const pick = <T>(among: readonly T[]): T | undefined => among[random.integer(0, among.length - 1)];
    for (let kill = 0; kill < effort.workerKills; kill += 1) {
      await until("all workers are at work", () => stream.station.unready().length === 0, 30_000);
      await delay(random.between(0, 500));
      if (random.chance(0.5)) {
        const executors = executorsOf(process.pid);
        await pick([...workers])?.terminate();
        killed.workers += 1;
        await until(
          "its executors are gone",
          () => executorsOf(process.pid).filter((pid) => executors.includes(pid)).length < executors.length,
          10_000,
        );
      } else {
        const victim = pick(executorsOf(process.pid).filter(isAlive));
        if (victim === undefined) continue;
        process.kill(victim, "SIGKILL");
        killed.executors += 1;
      }
    }
    await inflow.finish();
    await drained(place.log);
    const executors = executorsOf(process.pid);
    await stream.close();
    await until("no executor is left behind", () => !executors.some(isAlive), 10_000);
    const { violations, counts } = await runAudit(place.log, inflow.attempts.path);
    console.log(JSON.stringify({ killed, ...counts }));
    expect(violations).toEqual([]);
    expect(notices.filter((text) => text.includes("another starts"))).toHaveLength(killed.workers);
    expect(killed.workers).toBeGreaterThan(0);
    expect(killed.executors).toBeGreaterThan(0);
  },
);
