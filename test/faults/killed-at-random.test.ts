import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createRandom } from "../../src/fleet/random.ts";
import { isAlive, until } from "../sandbox/executor-pids.ts";
import { effort } from "./effort.ts";
import { runAudit } from "./run-audit.ts";
import { executorsOf } from "./stream/executors-of.ts";
import { startInflow } from "./stream/inflow.ts";
import { drained, startStream, streamPlace } from "./stream/stream-program.ts";

const seed = 20_250_614;
/** Starting takes about a second: a quarter of the kills come while it starts, the others while events flow. */
const longestLifeMs = 1_000;

test(
  "a stream that is killed again and again gives every event one outcome",
  { timeout: effort.timeoutMs },
  async () => {
    const random = createRandom(seed);
    const place = await streamPlace();
    const inflow = startInflow(place, { seed, senders: 3, produced: 400, pauseMs: 2 });
    for (let kill = 0; kill < effort.streamKills; kill += 1) {
      const stream = startStream(place, kill % 4 === 3 ? "dev" : "serve");
      if (random.chance(0.75)) await stream.listening();
      await delay(random.between(0, longestLifeMs));
      const executors = executorsOf(stream.pid);
      await stream.kill();
      if (random.chance(0.3)) inflow.producer?.kill();
      await until("no executor is left behind", () => !executors.some(isAlive), 10_000);
    }
    const last = startStream(place);
    await inflow.finish();
    await drained(place.log);
    expect(await last.terminate()).toBe(130);
    const { violations, counts } = await runAudit(place.log, inflow.attempts.path);
    const answers = inflow.senders.map((sender) => sender.answers);
    console.log(
      JSON.stringify({ kills: effort.streamKills, ...counts, answers, produce: inflow.producer?.endings }),
    );
    expect(violations).toEqual([]);
    expect(counts.accepted).toBe(inflow.attempts.accepted());
    for (const kind of ["standard", "rejected", "filtered"] as const) expect(counts[kind]).toBeGreaterThan(0);
  },
);
