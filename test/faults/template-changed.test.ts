import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../sandbox/executor-pids.ts";
import { effort } from "./effort.ts";
import { runAudit } from "./run-audit.ts";
import { startInflow } from "./stream/inflow.ts";
import { drained, startStream, streamPlace, type StreamProgram } from "./stream/stream-program.ts";

const seed = 20_250_619;
/** From a change of a file to the first event of the new template. */
const promisedMs = 1_000;

/** Labels of edited templates in what a stream has shown, each once. */
function labelsOf({ stdout }: StreamProgram): string[] {
  return [...new Set(stdout().match(/"templateVersion":"3\+[0-9a-f]{8}"/g))];
}

describe("a template that is changed under load", { timeout: effort.timeoutMs }, () => {
  test.each([
    ["with its log beside the catalog", "."],
    ["with its log in the catalog's directory", "catalog/data"],
  ] as const)("is in use within a second %s, and no event is dropped", async (_where, logIn) => {
    const place = await streamPlace(logIn);
    const stream = startStream(place, "dev");
    await stream.listening();
    const inflow = startInflow(place, { seed, senders: 2, produced: 0, pauseMs: 5 });
    await until("events come out", () => stream.stdout().includes('"templateVersion":"3"'), 30_000);
    const file = join(place.catalog, "acme/templates/one/transform.js");
    const source = readFileSync(file, "utf8");
    const waits: number[] = [];
    for (let change = 1; change <= effort.templateChanges; change += 1) {
      await delay(300);
      writeFileSync(file, `${source}// ${change}\n`);
      const startMs = performance.now();
      await until("the new label is out", () => labelsOf(stream).length === change, 20_000);
      waits.push(Math.round(performance.now() - startMs));
    }
    await inflow.finish();
    await drained(place.log);
    expect(await stream.terminate()).toBe(130);
    const { violations, counts } = await runAudit(place.log, inflow.attempts.path);
    console.log(JSON.stringify({ logIn, waitsMs: waits, ...counts }));
    expect(violations).toEqual([]);
    expect(waits.sort((one, other) => one - other)[Math.floor(waits.length / 2)]).toBeLessThan(promisedMs);
  });
});
