import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/fleet/random.ts";
import { millrace } from "../cli/spawn-millrace.ts";
import { effort } from "./effort.ts";
import { runAudit } from "./run-audit.ts";
import { startInflow } from "./stream/inflow.ts";
import {
  drained,
  startStream,
  streamPlace,
  type StreamPlace,
  type StreamProgram,
} from "./stream/stream-program.ts";

const seed = 20_250_616;

/** A log with events in it, left by a stream that ended well or that was killed, with a WAL beside it. */
async function usedLog(end: "ended well" | "was killed"): Promise<StreamPlace> {
  const place = await streamPlace();
  const use = async (round: number): Promise<StreamProgram> => {
    const stream = startStream(place);
    await stream.listening();
    const inflow = startInflow(place, { seed: seed + round, senders: 2, produced: 0, pauseMs: 1 });
    await delay(700);
    await inflow.finish();
    await drained(place.log);
    return stream;
  };
  expect(await (await use(0)).terminate()).toBe(130);
  // What the first one left stands in the file itself, and only what comes now in the WAL.
  if (end === "was killed") await (await use(1)).kill();
  return place;
}

describe("a database file that was cut short", { timeout: effort.timeoutMs }, () => {
  test("is refused in one line by all that open it, wherever it was cut", async () => {
    const { config, log } = await usedLog("ended well");
    const whole = readFileSync(log);
    const random = createRandom(seed);
    const verbs = [["serve"], ["dev"], ["produce", "--input", "-"], ["tail", "events"]];
    for (const [index, verb] of verbs.entries()) {
      const size = index === 0 ? 100 : random.integer(512, whole.length - 1);
      writeFileSync(log, whole.subarray(0, size));
      const { code, stderr } = await millrace([...verb, "--config", config]);
      expect([verb, size, code, stderr]).toEqual([
        verb,
        size,
        3,
        expect.stringMatching(/^millrace: log .*\n$/),
      ]);
      expect(stderr).toMatch(/damaged|cut off/);
      expect(statSync(log).size).toBe(size);
    }
  });

  test("skips nothing where a WAL beside it lets it open: what lacks is told", async () => {
    const place = await usedLog("was killed");
    const [whole, wal] = [readFileSync(place.log), readFileSync(`${place.log}-wal`)];
    const all = await runAudit(place.log);
    const random = createRandom(seed);
    const ends: Record<string, number> = {};
    for (let cut = 0; cut < effort.logCuts; cut += 1) {
      writeFileSync(place.log, whole.subarray(0, random.integer(512, whole.length - 1)));
      writeFileSync(`${place.log}-wal`, wal);
      rmSync(`${place.log}-shm`, { force: true });
      const found = await runAudit(place.log).catch((error: unknown) => String(error));
      const end = typeof found === "string" ? "told" : "whole";
      ends[end] = (ends[end] ?? 0) + 1;
      if (typeof found === "string") expect(found).toMatch(/damaged|cut off|lacks records/);
      // Where the WAL holds all that was cut off, nothing lacks.
      else expect(found).toMatchObject({ code: 0, counts: { inputs: all.counts.inputs } });
    }
    console.log(JSON.stringify({ cuts: effort.logCuts, ends }));
  });
});
