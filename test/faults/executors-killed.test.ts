import { describe, expect, test } from "vitest";
import type { Engine } from "../../src/app/engine-port.ts";
import { createRandom, type Random } from "../../src/fleet/random.ts";
import type { SandboxStats } from "../../src/sandbox/port.ts";
import { fleetGroups, openExampleEngine, runThrough, type RunOutput } from "../app/fleet-run.ts";
import { isAlive } from "../sandbox/executor-pids.ts";
import { effort } from "./effort.ts";

const seed = 20_250_301;

interface Killed {
  readonly events: number;
  /** How many had crossings that they had not answered; of those that run suspects alone nobody can tell. */
  readonly busy: number;
}

/** The fleet's events, an executor killed between any two groups, until so many have been killed. */
async function* whileKilling(
  engine: Engine,
  kills: number,
  done: (killed: Killed) => void,
): ReturnType<typeof fleetGroups> {
  const random = createRandom(seed);
  let [events, killed, busy] = [0, 0, 0];
  for await (const group of fleetGroups(Number.POSITIVE_INFINITY, seed)) {
    events += group.length;
    yield group;
    const victim = chooseVictim((await engine.stats()).executors, random);
    if (victim === undefined) continue;
    process.kill(victim.pid, "SIGKILL");
    killed += 1;
    if (victim.state === "busy") busy += 1;
    if (killed === kills) break;
  }
  done({ events, busy });
}

/** One of those that are at work, if there is one; one that was killed a moment ago may still be in the list. */
function chooseVictim(
  executors: SandboxStats["executors"],
  random: Random,
): { readonly pid: number; readonly state: string } | undefined {
  const alive = executors.flatMap(({ pid, state }) => (pid !== null && isAlive(pid) ? [{ pid, state }] : []));
  const working = alive.filter(({ state }) => state !== "idle");
  const candidates = working.length > 0 ? working : alive;
  return candidates[random.integer(0, candidates.length - 1)];
}

async function undisturbed(events: number): Promise<RunOutput> {
  const engine = await openExampleEngine({ executors: 1 });
  try {
    return await runThrough(engine, fleetGroups(events, seed));
  } finally {
    await engine.close();
  }
}

describe("a run whose executors are killed at random", () => {
  test(
    "loses nothing, blames nobody and gives the bytes of an undisturbed one",
    { timeout: effort.timeoutMs },
    async () => {
      const engine = await openExampleEngine({ executors: 2 });
      try {
        let killed: Killed = { events: 0, busy: 0 };
        const output = await runThrough(
          engine,
          whileKilling(engine, effort.kills, (what) => (killed = what)),
        );
        // The last of them may have died after the last group had left it.
        await expect.poll(async () => (await engine.stats()).kills).toEqual({ gone: effort.kills });
        expect(killed.busy).toBeGreaterThan(effort.kills / 4);
        for (const type of ["timeout", "memory", "internal"]) expect(output.counts).not.toHaveProperty(type);
        expect(output).toEqual(await undisturbed(killed.events));
      } finally {
        await engine.close();
      }
    },
  );
});
