import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { millrace } from "../cli/spawn-millrace.ts";
import { isAlive, mainThreadCpuMs, until } from "../sandbox/executor-pids.ts";
import { effort } from "./effort.ts";
import { runAudit } from "./run-audit.ts";
import { openAttemptsFile } from "./stream/attempts-file.ts";
import { lineOf } from "./stream/fault-catalog.ts";
import { executorsOf } from "./stream/executors-of.ts";
import { startInflow } from "./stream/inflow.ts";
import { drained, startStream, streamPlace } from "./stream/stream-program.ts";

const seed = 20_250_615;

describe("a stream under load", { timeout: effort.timeoutMs }, () => {
  test("that gets SIGTERM commits what it has begun and exits with 130, and the next one goes on from there", async () => {
    const place = await streamPlace();
    const inflow = startInflow(place, { seed, senders: 3, produced: 500, pauseMs: 5 });
    for (let round = 0; round < effort.streamStops; round += 1) {
      const stream = startStream(place);
      await stream.listening();
      await delay(700);
      const executors = executorsOf(stream.pid);
      expect(executors).toHaveLength(2);
      const startMs = performance.now();
      expect(await stream.terminate()).toBe(130);
      expect(performance.now() - startMs).toBeLessThan(5_000);
      expect(stream.stderr()).not.toMatch(/trying again|internal error|ended/);
      await until("no executor is left behind", () => !executors.some(isAlive), 5_000);
    }
    const last = startStream(place);
    await inflow.finish();
    await drained(place.log);
    expect(await last.terminate()).toBe(130);
    const { violations, counts } = await runAudit(place.log, inflow.attempts.path);
    console.log(JSON.stringify({ stops: effort.streamStops, ...counts }));
    expect(violations).toEqual([]);
    // Nothing was cut off: who got no answer was told so, or was not let in.
    for (const { answers } of inflow.senders) expect(answers["cut off"] ?? 0).toBe(0);
  });

  test("is not disturbed by a second one on its data, which says who has them and exits with 3", async () => {
    const place = await streamPlace();
    const stream = startStream(place);
    await stream.listening();
    const inflow = startInflow(place, { seed, senders: 2, produced: 0, pauseMs: 5 });
    const others = (["dev", "serve"] as const).map((verb) => startStream(place, verb));
    for (const other of others) {
      expect(await other.ended).toBe(3);
      const lines = other
        .stderr()
        .split("\n")
        .filter((line) => line.includes("group"));
      expect(lines).toEqual([expect.stringContaining(`is consumed by process ${stream.pid} on `)]);
    }
    await inflow.finish();
    await drained(place.log);
    expect(stream.stderr()).not.toContain("trying again");
    expect(await stream.terminate()).toBe(130);
    expect((await runAudit(place.log, inflow.attempts.path)).violations).toEqual([]);
  });
});

/** CPU that an executor has used once it is in the middle of a long event, milliseconds; its start takes less. */
const underWayMs = 900;

test(
  "a stream that is killed while a script loops leaves no executor behind, and the event gets its outcome later",
  { timeout: effort.timeoutMs },
  async () => {
    const place = await streamPlace();
    const attempts = openAttemptsFile(`${place.directory}/attempts.ndjson`);
    const rounds = 1e15;
    const endless = {
      eventId: "endless",
      assetId: "slow-0",
      payload: { rounds },
      expect: "rejected timeout",
    };
    const produce = async (): Promise<void> => {
      attempts.note("sent", [endless]);
      const { code } = await millrace(["produce", "--config", place.config, "--input", "-"], {
        input: lineOf(endless),
      });
      expect(code).toBe(0);
      attempts.note("accepted", [endless]);
    };
    // The template's own limit narrows this one.
    const templateFile = `${place.catalog}/acme/templates/slow/template.json`;
    const template = readFileSync(templateFile, "utf8");
    writeFileSync(templateFile, template.replace('"stageCpuMs":30', '"stageCpuMs":60000'));
    const patient = startStream(place, "serve", { MILLRACE_LIMITS_STAGE_CPU_MS: "60000" });
    await patient.listening();
    await produce();
    const atWork = (): boolean => executorsOf(patient.pid).some((pid) => mainThreadCpuMs(pid) > underWayMs);
    await until("an executor is in the script", atWork, 60_000);
    const executors = executorsOf(patient.pid);
    expect(executors.length).toBeGreaterThanOrEqual(2);
    await patient.kill();
    await until("no executor is left behind", () => !executors.some(isAlive), 5_000);
    writeFileSync(templateFile, template);
    const next = startStream(place);
    await drained(place.log);
    expect(await next.terminate()).toBe(130);
    expect(await runAudit(place.log, attempts.path)).toMatchObject({
      violations: [],
      counts: { rejected: 1 },
    });
  },
);
